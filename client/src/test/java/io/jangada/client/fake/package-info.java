// SPDX-License-Identifier: Apache-2.0
/**
 * A cluster in memory whose brokers are real gRPC servers on loopback, and whose answers can be
 * scripted: what a client must survive.
 */
@NullMarked
package io.jangada.client.fake;

import org.jspecify.annotations.NullMarked;
