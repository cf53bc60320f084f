// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How often each {@link Counter} has counted. Not thread-safe. */
public final class Counters {
  private final Map<Counter, Long> counts = new EnumMap<>(Counter.class);

  /** Counts one. */
  public void count(Counter counter) {
    add(counter, 1);
  }

  /** Counts some. */
  public void add(Counter counter, long count) {
    counts.merge(counter, count, Long::sum);
  }

  /** Takes another run's counts in. */
  public void addAll(Counters other) {
    other.counts.forEach(this::add);
  }

  /** How often. */
  public long of(Counter counter) {
    return counts.getOrDefault(counter, 0L);
  }

  /** What was never exercised. */
  public List<Counter> zeros() {
    List<Counter> zeros = new ArrayList<>();
    for (Counter counter : Counter.values()) {
      if (of(counter) == 0) {
        zeros.add(counter);
      }
    }
    return zeros;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Counter counter : Counter.values()) {
      text.append(
          String.format("%12d  %s%s%n", of(counter), counter, of(counter) == 0 ? "  ← never" : ""));
    }
    return text.toString();
  }
}
