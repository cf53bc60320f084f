// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.groups.GroupAdmin.Committed;
import io.jangada.groups.GroupAdmin.GroupPartition;
import io.jangada.groups.GroupAdmin.Listed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Offsets of groups without members go after {@code groups.offsets-retention}, by a clock of ours.
 */
class OffsetExpiryTest {
  private static final Duration RETENTION = Duration.ofDays(7);
  private static final GroupPartition PARTITION = new GroupPartition("logs", 0);
  private static final long PATIENCE_NS = Duration.ofSeconds(30).toNanos();

  private final OffsetsInMemory log = new OffsetsInMemory();
  private final ManualTime time = new ManualTime();
  private GroupCoordination coordination = started();

  private GroupCoordination started() {
    GroupCoordination started =
        new GroupCoordination(
            1,
            new GroupSettings(
                1,
                new GroupSettings.Classic(
                    Duration.ZERO, Duration.ofSeconds(6), Duration.ofMinutes(30)),
                new GroupSettings.Consumer(Duration.ofSeconds(45), Duration.ofSeconds(5)),
                100,
                RETENTION,
                Duration.ofMillis(20)),
            log,
            time);
    started.begin(1);
    started.apply(
        new TopicsChange(
            1, List.of(), List.of(), Map.of(), new TreeMap<>(Map.of(0, OffsetsInMemory.EPOCH))));
    return started;
  }

  @AfterEach
  void stop() {
    coordination.close();
  }

  @Test
  void anOffsetGoesAWeekAfterItWasCommittedAndItsGroupWithIt() {
    GroupAdmin groups = coordination.admin();
    commit(groups, "early", 5);
    time.advance(Duration.ofDays(1));
    commit(groups, "late", 6);
    time.advance(RETENTION.minusDays(1).plusMinutes(1));
    until(() -> listed(groups).equals(List.of("late")));
    assertThat(offsets(groups, "early")).isEmpty();
    assertThat(offsets(groups, "late")).containsExactly(new Committed(PARTITION, 6, ""));
    time.advance(Duration.ofDays(1));
    until(() -> listed(groups).isEmpty());
  }

  @Test
  void anotherCommitKeepsItForAnotherWeek() {
    GroupAdmin groups = coordination.admin();
    commit(groups, "kept", 5);
    commit(groups, "forgotten", 5);
    time.advance(RETENTION.minusMinutes(1));
    commit(groups, "kept", 7);
    time.advance(Duration.ofMinutes(2));
    until(() -> listed(groups).equals(List.of("kept")));
    assertThat(offsets(groups, "kept")).containsExactly(new Committed(PARTITION, 7, ""));
  }

  @Test
  void anotherCoordinatorGoesByTheTimeOfTheCommitTooAndDoesNotBringBackWhatIsGone() {
    commit(coordination.admin(), "gone", 4);
    time.advance(RETENTION.plusMinutes(1));
    until(() -> listed(coordination.admin()).isEmpty());
    commit(coordination.admin(), "early", 5);
    time.advance(RETENTION.minusMinutes(1));
    commit(coordination.admin(), "late", 6);
    coordination.close();
    coordination = started();
    GroupAdmin groups = coordination.admin();
    until(() -> listed(groups).contains("late"));
    time.advance(Duration.ofMinutes(2));
    until(() -> listed(groups).equals(List.of("late")));
  }

  private static void commit(GroupAdmin groups, String group, long offset) {
    assertThat(answered(() -> groups.commit(group, Map.of(PARTITION, offset)))).isEmpty();
  }

  private static List<Committed> offsets(GroupAdmin groups, String group) {
    return answered(() -> groups.offsets(group));
  }

  private static List<String> listed(GroupAdmin groups) {
    return answered(groups::list).stream().map(Listed::groupId).toList();
  }

  /** While it loads, it is asked again. */
  private static <T> T answered(Supplier<CompletableFuture<T>> question) {
    List<T> answers = new ArrayList<>();
    until(
        () -> {
          CompletableFuture<T> answer = question.get();
          answer.exceptionally(_ -> null).orTimeout(10, TimeUnit.SECONDS).join();
          if (!answer.isCompletedExceptionally()) {
            answers.add(answer.join());
          }
          return !answers.isEmpty();
        });
    return answers.getFirst();
  }

  private static void until(BooleanSupplier condition) {
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadlineNs) {
        throw new AssertionError("not within 30 s");
      }
      Thread.onSpinWait();
    }
  }

  /** Real time, and what was added to it. */
  private static final class ManualTime implements Time {
    private final AtomicLong addedMs = new AtomicLong();

    void advance(Duration time) {
      addedMs.addAndGet(time.toMillis());
    }

    @Override
    public long milliseconds() {
      return System.currentTimeMillis() + addedMs.get();
    }

    @Override
    public long nanoseconds() {
      return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(addedMs.get());
    }

    @Override
    public void sleep(long ms) {
      Time.SYSTEM.sleep(ms);
    }

    @Override
    public void waitObject(Object lock, Supplier<Boolean> condition, long deadlineMs) {
      throw new UnsupportedOperationException("nobody waits by this clock");
    }
  }
}
