// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import java.util.function.DoubleSupplier;

/**
 * One number that a client keeps of itself, to be read at any time by any thread. There is one of
 * each name for a client, over all its producers and consumers, for as long as the client lives: a
 * registry of Micrometer (FunctionCounter, Gauge), Prometheus or OpenTelemetry binds each once.
 *
 * @param name in lower case with dots, e.g. {@code jangada.producer.records.acknowledged}
 * @param kind whether it only grows
 * @param unit of the number in the plural, e.g. {@code bytes}
 * @param help one sentence
 * @param reading the number now
 */
public record Meter(String name, Kind kind, String unit, String help, DoubleSupplier reading) {
  /** How a number may be read. */
  public enum Kind {
    /** Only grows. */
    COUNTER,
    /** Goes up and down. */
    GAUGE
  }

  /** The number now. */
  public double value() {
    return reading.getAsDouble();
  }
}
