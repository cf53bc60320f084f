// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.ratis.metrics.LongCounter;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.metrics.RatisMetricRegistry;
import org.apache.ratis.metrics.Timekeeper;

/** The values of one Ratis component, kept as plain adders until somebody scrapes. Thread-safe. */
final class BridgedRegistry implements RatisMetricRegistry {
  /** How often and how long. */
  static final class Timer implements Timekeeper {
    final LongAdder count = new LongAdder();
    final LongAdder totalNanos = new LongAdder();

    @Override
    public Context time() {
      long begin = System.nanoTime();
      return () -> {
        long elapsed = System.nanoTime() - begin;
        count.increment();
        totalNanos.add(elapsed);
        return elapsed;
      };
    }
  }

  private record Counter(LongAdder value) implements LongCounter {
    @Override
    public void inc(long n) {
      value.add(n);
    }

    @Override
    public void dec(long n) {
      value.add(-n);
    }

    @Override
    public long getCount() {
      return value.sum();
    }
  }

  final Map<String, Timer> timers = new ConcurrentHashMap<>();
  final Map<String, LongCounter> counters = new ConcurrentHashMap<>();
  final Map<String, Supplier<?>> gauges = new ConcurrentHashMap<>();
  private final MetricRegistryInfo info;

  BridgedRegistry(MetricRegistryInfo info) {
    this.info = info;
  }

  @Override
  public Timekeeper timer(String name) {
    return timers.computeIfAbsent(name, key -> new Timer());
  }

  @Override
  public LongCounter counter(String name) {
    return counters.computeIfAbsent(name, key -> new Counter(new LongAdder()));
  }

  @Override
  public boolean remove(String name) {
    boolean timer = timers.remove(name) != null;
    boolean counter = counters.remove(name) != null;
    return gauges.remove(name) != null || counter || timer;
  }

  @Override
  public <T> void gauge(String name, Supplier<Supplier<T>> gaugeSupplier) {
    gauges.computeIfAbsent(name, key -> gaugeSupplier.get());
  }

  @Override
  public MetricRegistryInfo getMetricRegistryInfo() {
    return info;
  }
}
