// SPDX-License-Identifier: Apache-2.0
/**
 * The gRPC front door: translates the public contract (jangada.v1) to calls of {@code
 * io.jangada.broker.service} and back. No rule of replication or metadata lives here.
 */
@NullMarked
package io.jangada.broker.grpc;

import org.jspecify.annotations.NullMarked;
