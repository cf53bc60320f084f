// SPDX-License-Identifier: Apache-2.0
/**
 * Which brokers are alive, as the leader of the quorum knows by monotonic time. Soft state: only
 * what follows from it, to fence and to unfence, becomes part of the metadata.
 */
@NullMarked
package io.jangada.metadata.liveness;

import org.jspecify.annotations.NullMarked;
