// SPDX-License-Identifier: Apache-2.0
/**
 * Consumer groups: Kafka's own coordinator over the partitions of {@code __consumer_offsets} that
 * this broker leads. Whoever has a log and knows the topics gives it both ({@link
 * io.jangada.groups.OffsetsLog}, {@link io.jangada.groups.TopicsChange}); it knows neither
 * replication nor the quorum.
 */
@NullMarked
package io.jangada.groups;

import org.jspecify.annotations.NullMarked;
