// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.run;

import io.jangada.client.Admin;
import io.jangada.client.PartitionDescription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Who leads what.
 *
 * @param byPartition broker ids; -1 where nobody leads
 */
record Leaders(Map<Integer, Integer> byPartition) {
  private static final Duration INTERVAL = Duration.ofMillis(50);

  static Leaders of(Admin admin, String topic) {
    Map<Integer, Integer> leaders = new TreeMap<>();
    for (PartitionDescription partition : partitions(admin, topic)) {
      leaders.put(partition.partition(), partition.leader());
    }
    return new Leaders(leaders);
  }

  /** The partitions that the broker leads. */
  List<Integer> ledBy(int broker) {
    return byPartition.entrySet().stream()
        .filter(entry -> entry.getValue() == broker)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether each of these partitions is led by someone, and not by that broker. */
  boolean moved(List<Integer> partitions, int from) {
    return partitions.stream()
        .map(byPartition::get)
        .allMatch(leader -> leader != null && leader >= 0 && leader != from);
  }

  /** Waits until every partition has so many replicas in sync. Returns how long that took in ms. */
  static long awaitInSync(Admin admin, String topic, int replicas, Duration patience)
      throws InterruptedException {
    long start = System.nanoTime();
    Predicate<PartitionDescription> inSync =
        partition -> partition.leader() >= 0 && partition.isr().size() == replicas;
    while (!partitions(admin, topic).stream().allMatch(inSync)) {
      if (System.nanoTime() - start > patience.toNanos()) {
        throw new IllegalStateException(
            "expected all partitions of "
                + topic
                + " to have "
                + replicas
                + " in-sync replicas within "
                + patience.toSeconds()
                + " s, but there are "
                + partitions(admin, topic));
      }
      TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
    }
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private static List<PartitionDescription> partitions(Admin admin, String topic) {
    return admin.describeTopics(List.of(topic)).get(0).orThrow().partitions();
  }
}
