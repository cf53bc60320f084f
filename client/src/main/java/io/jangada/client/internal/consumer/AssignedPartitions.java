// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.consumer;

import io.jangada.client.CommittedOffset;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.internal.Shared;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a consumer reads, whoever decides it. For the polling thread. */
final class AssignedPartitions {
  private final ConsumerConfig config;
  private final Shared shared;
  private final Fetcher fetcher;
  private final Map<TopicPartition, PartitionFetch> assigned = new LinkedHashMap<>();

  AssignedPartitions(ConsumerConfig config, Shared shared, Fetcher fetcher) {
    this.config = config;
    this.shared = shared;
    this.fetcher = fetcher;
  }

  Collection<PartitionFetch> fetches() {
    return assigned.values();
  }

  Set<TopicPartition> names() {
    return Set.copyOf(assigned.keySet());
  }

  boolean isEmpty() {
    return assigned.isEmpty();
  }

  /**
   * One of them.
   *
   * @throws JangadaException INVALID_REQUEST if it is not assigned
   */
  PartitionFetch of(TopicPartition partition) {
    PartitionFetch fetch = assigned.get(partition);
    if (fetch == null) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected a partition that is assigned, but " + partition + " is not",
          "assign it first");
    }
    return fetch;
  }

  /** Reads no others any more. */
  void retain(Set<TopicPartition> wanted) {
    assigned
        .values()
        .removeIf(
            partition -> {
              boolean gone = !wanted.contains(partition.partition());
              if (gone) {
                fetcher.forget(partition);
                partition.unposition();
              }
              return gone;
            });
  }

  /**
   * Reads one more, unless it is read already.
   *
   * @param from where; null: where the consumer is configured to start
   */
  void add(TopicPartition which, @Nullable CommittedOffset from) {
    if (assigned.containsKey(which)) {
      return;
    }
    PartitionFetch partition = new PartitionFetch(which, config.maxDecompressedBytes());
    assigned.put(which, partition);
    if (from == null) {
      fetcher.start(partition, config.start());
    } else {
      partition.seek(from.offset());
    }
    shared.updater().want(which.topic());
  }

  /** The next offset to be returned, of those of which it is known. */
  Map<TopicPartition, CommittedOffset> positions() {
    Map<TopicPartition, CommittedOffset> positions = new HashMap<>();
    for (PartitionFetch each : assigned.values()) {
      if (each.positioned()) {
        positions.put(each.partition(), CommittedOffset.of(each.position()));
      }
    }
    return positions;
  }
}
