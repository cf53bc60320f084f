// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.TopicPartition;

/**
 * Where a record was written.
 *
 * @param topicPartition where
 * @param offset its place, or -1 where it is not known: with {@link Acknowledgement#NONE}, and for
 *     a repeated batch whose offset the broker no longer remembers
 * @param timestampMs milliseconds since the Unix epoch, as stored
 */
public record RecordMetadata(TopicPartition topicPartition, long offset, long timestampMs) {}
