// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import io.jangada.broker.service.PartitionRef;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;

/**
 * A partition that a client wants to read, as it said last.
 *
 * @param topic named by its name, or by its id
 * @param partition from 0
 * @param offset of the first record it wants
 * @param leaderEpoch the epoch it knows, or -1
 * @param lastFetchedEpoch of the last record it has, or -1
 * @param maxBytes of this partition's records
 */
record FetchTarget(
    FetchTopicKey topic,
    int partition,
    long offset,
    int leaderEpoch,
    int lastFetchedEpoch,
    int maxBytes) {

  /**
   * How a client names a topic: by one of both.
   *
   * @param name empty if it names it by its id
   * @param id zero if it names it by its name
   */
  record FetchTopicKey(String name, Uuid id) {
    boolean byId() {
      return name.isEmpty();
    }
  }

  /** Which partition, whatever is read of it. */
  record Key(FetchTopicKey topic, int partition) {}

  static FetchTarget of(FetchTopicKey topic, FetchPartition asked) {
    return new FetchTarget(
        topic,
        asked.partition(),
        asked.fetchOffset(),
        asked.currentLeaderEpoch(),
        asked.lastFetchedEpoch(),
        asked.partitionMaxBytes());
  }

  Key key() {
    return new Key(topic, partition);
  }

  PartitionRef ref() {
    return topic.byId()
        ? new PartitionRef(
            "",
            new UUID(topic.id().getMostSignificantBits(), topic.id().getLeastSignificantBits()),
            partition)
        : new PartitionRef(topic.name(), null, partition);
  }
}
