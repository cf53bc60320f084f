// SPDX-License-Identifier: Apache-2.0
/**
 * Runs the partitions of a broker: which thread owns which, how the core's effects are carried out,
 * and the facade through which the broker appends, reads and applies metadata. Begin at {@link
 * io.jangada.replication.runtime.PartitionRegistry}.
 */
@NullMarked
package io.jangada.replication.runtime;

import org.jspecify.annotations.NullMarked;
