// SPDX-License-Identifier: Apache-2.0
/**
 * The quorum over the network: the gRPC service that members offer, and the client that every
 * broker (also one in the same process) uses.
 */
@NullMarked
package io.jangada.metadata.rpc;

import org.jspecify.annotations.NullMarked;
