// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

import io.jangada.client.internal.metadata.TopicView;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where records without a key go: to one partition until a batch's worth of bytes is there, then to
 * another at random, so that batches are full and partitions evenly so (KIP-794). Thread-safe.
 */
final class StickyPartitions {
  private final int bytesEach;
  private final Map<String, Sticky> byTopic = new ConcurrentHashMap<>();

  StickyPartitions(int bytesEach) {
    this.bytesEach = bytesEach;
  }

  /** The partition for a record of some size. */
  int next(TopicView topic, int bytes) {
    Sticky sticky = byTopic.get(topic.name());
    if (sticky == null) {
      sticky = byTopic.computeIfAbsent(topic.name(), name -> new Sticky());
    }
    return sticky.next(topic, bytes);
  }

  private final class Sticky {
    private int partition = -1;
    private long bytesLeft;

    synchronized int next(TopicView topic, int bytes) {
      if (bytesLeft <= 0 || partition >= topic.partitions().size() || !hasLeader(topic)) {
        partition = choose(topic);
        bytesLeft = bytesEach;
      }
      bytesLeft -= bytes;
      return partition;
    }

    private boolean hasLeader(TopicView topic) {
      return topic.partition(partition).leader() >= 0;
    }

    private int choose(TopicView topic) {
      int count = topic.partitions().size();
      int from = ThreadLocalRandom.current().nextInt(count);
      for (int i = 0; i < count; i++) {
        int candidate = (from + i) % count;
        if (candidate != partition && topic.partition(candidate).leader() >= 0) {
          return candidate;
        }
      }
      return partition >= 0 && partition < count ? partition : from;
    }
  }
}
