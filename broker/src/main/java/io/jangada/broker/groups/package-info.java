// SPDX-License-Identifier: Apache-2.0
/**
 * What consumer groups need of this broker: the partitions of {@code __consumer_offsets} that it
 * leads, the topics of the cluster, and who coordinates what.
 */
@NullMarked
package io.jangada.broker.groups;

import org.jspecify.annotations.NullMarked;
