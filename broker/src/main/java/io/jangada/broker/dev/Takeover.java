// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.dev;

import io.jangada.common.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches others take over what a dead broker led.
 *
 * @param partition what it led
 * @param newLeader who leads it now; 0 if nobody did in time
 * @param afterMs from the kill until a surviving broker named the new leader; -1 if none did
 */
public record Takeover(TopicPartition partition, int newLeader, long afterMs) {
  private static final long POLL_MS = 5;

  /** The partitions of that leader. */
  public static Set<TopicPartition> ledBy(int broker, Map<TopicPartition, Integer> leaders) {
    Set<TopicPartition> led = new TreeSet<>();
    leaders.forEach(
        (partition, leader) -> {
          if (leader == broker) {
            led.add(partition);
          }
        });
    return led;
  }

  /** What it looks like where nobody is left to take over. */
  public static List<Takeover> none(Set<TopicPartition> partitions) {
    return partitions.stream().map(partition -> new Takeover(partition, 0, -1)).toList();
  }

  /**
   * Waits until each partition has another leader.
   *
   * @param survivors asked over and over
   * @param killedNs when, by {@link System#nanoTime}
   * @param timeout after which the rest counts as not taken over
   */
  public static List<Takeover> await(
      LeaderView survivors,
      int victim,
      Set<TopicPartition> partitions,
      long killedNs,
      Duration timeout)
      throws InterruptedException {
    List<Takeover> done = new ArrayList<>();
    Set<TopicPartition> waiting = new TreeSet<>(partitions);
    while (!waiting.isEmpty() && System.nanoTime() - killedNs < timeout.toNanos()) {
      Optional<Map<TopicPartition, Integer>> leaders = survivors.leaders();
      long afterMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killedNs);
      for (TopicPartition partition : List.copyOf(waiting)) {
        @Nullable Integer leader = leaders.map(all -> all.get(partition)).orElse(null);
        if (leader != null && leader != victim) {
          waiting.remove(partition);
          done.add(new Takeover(partition, leader, afterMs));
        }
      }
      if (!waiting.isEmpty()) {
        Thread.sleep(POLL_MS);
      }
    }
    done.addAll(none(waiting));
    return done;
  }
}
