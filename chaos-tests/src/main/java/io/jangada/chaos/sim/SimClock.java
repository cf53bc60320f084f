// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Simulated time and all that is to happen in it; the one source of randomness of a run. */
final class SimClock {
  private record Task(long atMicros, long number, Runnable action) implements Comparable<Task> {
    @Override
    public int compareTo(Task other) {
      int byTime = Long.compare(atMicros, other.atMicros);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  private final PriorityQueue<Task> tasks = new PriorityQueue<>();
  private final SplittableRandom random;
  private long nowMicros;
  private long taskNumbers;

  SimClock(long seed) {
    random = new SplittableRandom(seed);
  }

  long nowMicros() {
    return nowMicros;
  }

  long nowMs() {
    return nowMicros / 1000;
  }

  void afterMicros(long delayMicros, Runnable action) {
    tasks.add(new Task(nowMicros + delayMicros, taskNumbers++, action));
  }

  void afterMs(long delayMs, Runnable action) {
    afterMicros(delayMs * 1000, action);
  }

  /** Runs the action again and again, for ever. */
  void everyMs(long periodMs, Runnable action) {
    afterMs(
        periodMs,
        () -> {
          action.run();
          everyMs(periodMs, action);
        });
  }

  /** Does what is next, if it is due before that time. */
  boolean runNext(long untilMicros) {
    @Nullable Task next = tasks.peek();
    if (next == null || next.atMicros > untilMicros) {
      nowMicros = Math.max(nowMicros, untilMicros);
      return false;
    }
    tasks.poll();
    nowMicros = next.atMicros;
    next.action.run();
    return true;
  }

  /** From low to high, both included. */
  long between(long low, long high) {
    return low >= high ? low : random.nextLong(low, high + 1);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean chance(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }
}
