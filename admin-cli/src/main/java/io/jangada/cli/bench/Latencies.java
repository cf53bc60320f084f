// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.bench;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/** Times that were measured, to three digits, up to an hour. Thread-safe. */
final class Latencies {
  private static final long HIGHEST_US = TimeUnit.HOURS.toMicros(1);
  private static final double US_PER_MS = 1e3;

  private final Histogram histogram = new SynchronizedHistogram(1, HIGHEST_US, 3);

  /** The names are a contract; milliseconds. */
  record Summary(double p50, double p90, double p99, double p999, double max) {
    String text() {
      return "p50 %.2f  p90 %.2f  p99 %.2f  p99.9 %.2f  max %.2f ms"
          .formatted(p50, p90, p99, p999, max);
    }
  }

  void add(long nanos) {
    long us = Math.max(1, TimeUnit.NANOSECONDS.toMicros(nanos));
    histogram.recordValue(Math.min(us, HIGHEST_US));
  }

  Summary summary() {
    return new Summary(at(50), at(90), at(99), at(99.9), histogram.getMaxValue() / US_PER_MS);
  }

  private double at(double percentile) {
    return histogram.getValueAtPercentile(percentile) / US_PER_MS;
  }
}
