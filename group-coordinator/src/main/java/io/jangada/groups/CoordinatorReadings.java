// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import com.yammer.metrics.core.Gauge;
import com.yammer.metrics.core.Metric;
import com.yammer.metrics.core.MetricName;
import com.yammer.metrics.core.MetricsRegistry;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.Metrics;

/**
 * What Kafka's coordinator measures, under {@code jangada_groups_} and its own names.
 *
 * @param metrics rates and times
 * @param gauges how many there are of what
 */
record CoordinatorReadings(Metrics metrics, MetricsRegistry gauges) {
  private static final String PREFIX = "jangada_groups_";

  List<MetricFamilySamples> read() {
    Map<String, GaugeMetricFamily> families = new TreeMap<>();
    for (KafkaMetric metric : metrics.metrics().values()) {
      if (metric.metricName().group().equals(GroupMetricGroup.NAME)
          && metric.metricValue() instanceof Number value) {
        Map<String, String> tags = new TreeMap<>(metric.metricName().tags());
        add(
            families,
            name(metric.metricName().name()),
            metric.metricName().description(),
            tags,
            value);
      }
    }
    for (Map.Entry<MetricName, Metric> gauge : gauges.allMetrics().entrySet()) {
      if (gauge.getValue() instanceof Gauge<?> known && known.value() instanceof Number value) {
        add(families, name(gauge.getKey().getName()), "", Map.of(), value);
      }
    }
    return new ArrayList<>(families.values());
  }

  private static void add(
      Map<String, GaugeMetricFamily> families,
      String name,
      String help,
      Map<String, String> tags,
      Number value) {
    GaugeMetricFamily family =
        families.computeIfAbsent(
            name,
            each ->
                new GaugeMetricFamily(
                    each,
                    help.isEmpty() ? "As Kafka's group coordinator says." : help,
                    tags.keySet().stream().map(CoordinatorReadings::label).toList()));
    family.addMetric(new ArrayList<>(tags.values()), value.doubleValue());
  }

  /** {@code NumOffsets} and {@code event-queue-size} alike. */
  private static String name(String kafkas) {
    return PREFIX + label(kafkas.replaceAll("([a-z])([A-Z])", "$1_$2"));
  }

  private static String label(String kafkas) {
    return Collector.sanitizeMetricName(kafkas.toLowerCase(Locale.ROOT));
  }

  /** Of all that belongs to it. */
  private static final class GroupMetricGroup {
    static final String NAME =
        org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics.METRICS_GROUP;
  }
}
