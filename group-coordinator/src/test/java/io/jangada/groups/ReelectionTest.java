// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.groups.GroupAdmin.GroupPartition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The same broker coordinates a partition again, moments after it had to resign. */
class ReelectionTest {
  private static final long PATIENCE_NS = Duration.ofSeconds(5).toNanos();
  private static final int ELECTIONS = 100;

  private final OffsetsInMemory log = new OffsetsInMemory();
  private final GroupCoordination coordination =
      new GroupCoordination(
          1,
          new GroupSettings(
              2,
              new GroupSettings.Classic(
                  Duration.ZERO, Duration.ofSeconds(6), Duration.ofMinutes(30)),
              new GroupSettings.Consumer(Duration.ofSeconds(45), Duration.ofSeconds(5)),
              100,
              Duration.ofDays(7),
              Duration.ofMinutes(10)),
          log);

  @AfterEach
  void stop() {
    coordination.close();
  }

  @Test
  void anElectionRightAfterAResignationIsNotLost() {
    coordination.begin(1);
    for (int epoch = 1; epoch <= ELECTIONS; epoch++) {
      log.lead(epoch);
      lead(Map.of(0, epoch));
      if (epoch % 3 == 0) {
        lead(Map.of());
      }
      if (epoch % 20 == 0) {
        log.lead(++epoch);
        lead(Map.of(0, epoch));
        awaitCommit(epoch);
      }
    }
  }

  private void lead(Map<Integer, Integer> led) {
    coordination.apply(new TopicsChange(1, List.of(), List.of(), Map.of(), new TreeMap<>(led)));
  }

  private void awaitCommit(int epoch) {
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    while (true) {
      CompletableFuture<?> answer =
          coordination.admin().commit("g", Map.of(new GroupPartition("logs", 0), (long) epoch));
      answer.exceptionally(_ -> null).orTimeout(10, TimeUnit.SECONDS).join();
      if (!answer.isCompletedExceptionally()) {
        return;
      }
      assertThat(System.nanoTime()).as("in epoch " + epoch).isLessThan(deadlineNs);
      Thread.onSpinWait();
    }
  }
}
