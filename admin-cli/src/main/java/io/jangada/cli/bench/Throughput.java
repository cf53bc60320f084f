// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.bench;

import java.util.Locale;

/** The names are a contract. */
record Throughput(
    String topic,
    long records,
    long bytes,
    long durationMs,
    double recordsPerSecond,
    double megabytesPerSecond,
    Latencies.Summary latencyMs) {
  private static final double BYTES_PER_MB = 1e6;
  private static final double MS_PER_S = 1e3;

  static Throughput of(
      String topic, long records, long bytes, long durationMs, Latencies.Summary latencyMs) {
    double seconds = Math.max(1, durationMs) / MS_PER_S;
    return new Throughput(
        topic,
        records,
        bytes,
        durationMs,
        records / seconds,
        bytes / BYTES_PER_MB / seconds,
        latencyMs);
  }

  String text(String what) {
    return String.format(
        Locale.ROOT,
        "%,d records, %.1f MB in %.1f s: %,.0f records/s, %.1f MB/s%n%s %s%n",
        records,
        bytes / BYTES_PER_MB,
        durationMs / MS_PER_S,
        recordsPerSecond,
        megabytesPerSecond,
        what,
        latencyMs.text());
  }
}
