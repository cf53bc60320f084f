// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

/**
 * A topic that has more partitions than before, or would have.
 *
 * @param topic the topic's name
 * @param before how many it had
 * @param total how many it has
 */
public record PartitionIncrease(String topic, int before, int total) {}
