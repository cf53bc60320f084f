// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.forward;

import io.jangada.common.ErrorCode;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;

/** What is passed on, as numbers. Thread-safe. */
public final class ForwardingMetrics {
  private final Counter forwarded;
  private final Counter failed;
  private final Gauge inFlightBytes;
  private final Gauge reads;

  /** Metrics in a registry. */
  public ForwardingMetrics(CollectorRegistry registry) {
    this.forwarded =
        Counter.build(
                "jangada_forwarded_total",
                "Requests passed on to partitions' leaders and coordinators, by kind.")
            .labelNames("kind")
            .register(registry);
    this.failed =
        Counter.build(
                "jangada_forward_failures_total",
                "Requests that could not be passed on or were not answered, by kind and error.")
            .labelNames("kind", "code")
            .register(registry);
    this.inFlightBytes =
        Gauge.build("jangada_forward_in_flight_bytes", "Produce requests passed on, unanswered.")
            .register(registry);
    this.reads =
        Gauge.build("jangada_forward_reads", "Partitions read from their leaders for clients.")
            .register(registry);
  }

  void readBegan() {
    reads.inc();
  }

  void readEnded() {
    reads.dec();
  }

  void forwarded(Kind kind) {
    forwarded.labels(kind.label).inc();
  }

  void failed(Kind kind, ErrorCode code) {
    failed.labels(kind.label, code.name()).inc();
  }

  /** More bytes are on their way, or fewer. */
  void inFlight(long bytes) {
    inFlightBytes.inc((double) bytes);
  }

  /** What can be passed on. */
  enum Kind {
    PRODUCE("produce"),
    CONSUME("consume"),
    OFFSETS("offsets"),
    GROUPS("groups");

    private final String label;

    Kind(String label) {
      this.label = label;
    }
  }
}
