// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.network;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import org.apache.kafka.common.protocol.ApiKeys;

/** What the listener counts. Thread-safe. */
public final class ListenerMetrics {
  private final Gauge connections;
  private final Counter accepted;
  private final Counter closed;
  private final Counter requests;
  private final Counter refused;
  private final Histogram seconds;
  private final Counter received;
  private final Counter sent;

  /** Registers them. */
  public ListenerMetrics(
      CollectorRegistry registry, MemoryBudget requestMemory, MemoryBudget responseMemory) {
    connections =
        Gauge.build("jangada_kafka_connections", "Open connections of Kafka clients.")
            .register(registry);
    accepted =
        Counter.build("jangada_kafka_connections_accepted_total", "Connections of Kafka clients.")
            .register(registry);
    closed =
        Counter.build(
                "jangada_kafka_connections_closed_total",
                "Connections of Kafka clients that this side closed, by the reason.")
            .labelNames("reason")
            .register(registry);
    requests =
        Counter.build("jangada_kafka_requests_total", "Requests of Kafka clients.")
            .labelNames("api")
            .register(registry);
    refused =
        Counter.build(
                "jangada_kafka_requests_refused_total",
                "Requests of Kafka clients that were refused as a whole.")
            .labelNames("api", "error")
            .register(registry);
    seconds =
        Histogram.build(
                "jangada_kafka_request_seconds",
                "From the last byte of a request to the answer that may be sent.")
            .labelNames("api")
            .buckets(0.001, 0.005, 0.02, 0.1, 0.5, 2, 10)
            .register(registry);
    received =
        Counter.build("jangada_kafka_received_bytes_total", "Bytes from Kafka clients.")
            .register(registry);
    sent =
        Counter.build("jangada_kafka_sent_bytes_total", "Bytes to Kafka clients.")
            .register(registry);
    gauge(
        registry,
        "jangada_kafka_requests_in_flight_bytes",
        "Bytes of requests that are not answered yet.",
        requestMemory);
    gauge(
        registry,
        "jangada_kafka_responses_in_flight_bytes",
        "Bytes of records that were read for fetches and are not sent yet.",
        responseMemory);
    waiting(
        registry,
        "jangada_kafka_connections_waiting",
        "Connections that are not read from because too many request bytes are in flight.",
        requestMemory);
    waiting(
        registry,
        "jangada_kafka_fetches_waiting",
        "Fetches that wait because too many response bytes are in flight.",
        responseMemory);
  }

  private static void gauge(
      CollectorRegistry registry, String name, String help, MemoryBudget budget) {
    Gauge.build(name, help)
        .register(registry)
        .setChild(
            new Gauge.Child() {
              @Override
              public double get() {
                return budget.usedBytes();
              }
            });
  }

  private static void waiting(
      CollectorRegistry registry, String name, String help, MemoryBudget budget) {
    Gauge.build(name, help)
        .register(registry)
        .setChild(
            new Gauge.Child() {
              @Override
              public double get() {
                return budget.waiting();
              }
            });
  }

  void opened() {
    accepted.inc();
    connections.inc();
  }

  void gone() {
    connections.dec();
  }

  void closed(CloseReason reason) {
    closed.labels(reason.label()).inc();
  }

  void received(int bytes) {
    received.inc(bytes);
  }

  void sent(int bytes) {
    sent.inc(bytes);
  }

  void answered(ApiKeys key, long durationNs) {
    requests.labels(key.name).inc();
    seconds.labels(key.name).observe(durationNs / 1e9);
  }

  void refused(ApiKeys key, String error) {
    refused.labels(key.name, error).inc();
  }
}
