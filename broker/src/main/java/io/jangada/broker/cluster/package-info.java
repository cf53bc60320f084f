// SPDX-License-Identifier: Apache-2.0
/**
 * Follows the cluster's metadata: turns deltas into what this broker's replicas have to become, and
 * carries their wishes (ISR changes) back to the quorum. The only place that knows both {@code
 * io.jangada.metadata} and {@code io.jangada.replication.runtime}.
 */
@NullMarked
package io.jangada.broker.cluster;

import org.jspecify.annotations.NullMarked;
