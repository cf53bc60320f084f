// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import io.prometheus.client.SummaryMetricFamily;
import java.util.List;
import org.apache.ratis.metrics.MetricRegistries;

/**
 * Shows Prometheus what Ratis counts for one member. Ratis's own names become labels: they hold
 * peer ids and change from version to version, ours are for keeps.
 */
final class RatisMetrics extends Collector {
  private static final List<String> LABELS = List.of("component", "name");

  private final String peerId;

  RatisMetrics(String peerId) {
    this.peerId = peerId;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    CounterMetricFamily counters =
        new CounterMetricFamily("jangada_ratis_events", "What the Raft log counts.", LABELS);
    GaugeMetricFamily gauges =
        new GaugeMetricFamily("jangada_ratis_value", "What the Raft log measures.", LABELS);
    SummaryMetricFamily timers =
        new SummaryMetricFamily(
            "jangada_ratis_duration_seconds", "How long the Raft log takes.", LABELS);
    if (MetricRegistries.global() instanceof BridgedMetricRegistries registries) {
      for (BridgedRegistry registry : registries.bridged()) {
        String prefix = registry.getMetricRegistryInfo().getPrefix();
        if (prefix.startsWith(peerId)) {
          add(registry, counters, gauges, timers);
        }
      }
    }
    return List.of(counters, gauges, timers);
  }

  private static void add(
      BridgedRegistry registry,
      CounterMetricFamily counters,
      GaugeMetricFamily gauges,
      SummaryMetricFamily timers) {
    String component = registry.getMetricRegistryInfo().getMetricsComponentName();
    registry.counters.forEach(
        (name, counter) ->
            counters.addMetric(List.of(component, name), (double) counter.getCount()));
    registry.timers.forEach(
        (name, timer) ->
            timers.addMetric(
                List.of(component, name),
                (double) timer.count.sum(),
                timer.totalNanos.sum() / 1e9));
    registry.gauges.forEach(
        (name, gauge) -> {
          if (gauge.get() instanceof Number value) {
            gauges.addMetric(List.of(component, name), value.doubleValue());
          }
        });
  }
}
