// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.manifest;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.core.LeaderEpochHistory;
import io.jangada.replication.log.Durability;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A checkpoint of one log: all of this was true at once, and what it says of the segments is
 * fsynced.
 *
 * @param partition whose log
 * @param topicName for people, and in the directory's name
 * @param number the last journal entry that is contained in this; recovery replays those after it
 * @param durableEndOffset the offset after the last batch that the segments hold durably
 * @param lastBatchPosition where in the last segment its last batch begins; -1 if it has none
 * @param segments oldest first
 * @param logStartOffset records below it are deleted
 * @param highWatermark a lower bound of it
 * @param epochs where each leader epoch begins; not to be changed
 * @param durability how the log is made durable
 * @param producers a snapshot of the producers, from position to limit; not to be changed
 */
public record ManifestEntry(
    TopicIdPartition partition,
    String topicName,
    long number,
    long durableEndOffset,
    int lastBatchPosition,
    List<SegmentEntry> segments,
    long logStartOffset,
    long highWatermark,
    LeaderEpochHistory epochs,
    Durability durability,
    ByteBuffer producers) {
  /** Copies the list. */
  public ManifestEntry {
    segments = List.copyOf(segments);
  }
}
