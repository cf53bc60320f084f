// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.metrics.RatisMetricRegistry;
import org.apache.ratis.util.TimeDuration;
import org.jspecify.annotations.Nullable;

/**
 * The metric registries that Ratis finds as a service (without one it does not start). One for the
 * process, as Ratis wants it; {@link RatisMetrics} shows each node its own.
 */
public final class BridgedMetricRegistries extends MetricRegistries {
  private static final class Counted {
    final BridgedRegistry registry;
    int references;

    Counted(MetricRegistryInfo info) {
      this.registry = new BridgedRegistry(info);
    }
  }

  private final Map<MetricRegistryInfo, Counted> registries = new HashMap<>();

  /** The registries of this process that carry values now. */
  synchronized List<BridgedRegistry> bridged() {
    return registries.values().stream().map(counted -> counted.registry).toList();
  }

  @Override
  public synchronized void clear() {
    registries.clear();
  }

  @Override
  public synchronized RatisMetricRegistry create(MetricRegistryInfo info) {
    Counted counted = registries.computeIfAbsent(info, Counted::new);
    counted.references++;
    return counted.registry;
  }

  @Override
  public synchronized boolean remove(MetricRegistryInfo key) {
    @Nullable Counted counted = registries.get(key);
    if (counted == null || --counted.references > 0) {
      return false;
    }
    registries.remove(key);
    return true;
  }

  @Override
  public synchronized Optional<RatisMetricRegistry> get(MetricRegistryInfo info) {
    return Optional.ofNullable(registries.get(info)).map(counted -> counted.registry);
  }

  @Override
  public synchronized Set<MetricRegistryInfo> getMetricRegistryInfos() {
    return Set.copyOf(registries.keySet());
  }

  @Override
  public synchronized Collection<RatisMetricRegistry> getMetricRegistries() {
    return List.copyOf(bridged());
  }

  @Override
  public void addReporterRegistration(
      Consumer<RatisMetricRegistry> reporterRegistration,
      Consumer<RatisMetricRegistry> stopReporter) {
    // Prometheus pulls; there is nothing to start or stop.
  }

  @Override
  public void enableJmxReporter() {
    // See addReporterRegistration.
  }

  @Override
  public void enableConsoleReporter(TimeDuration consoleReportRate) {
    // See addReporterRegistration.
  }
}
