// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void percentilesAreInMilliseconds() {
    Latencies latencies = new Latencies();
    for (int ms = 1; ms <= 1000; ms++) {
      latencies.add(TimeUnit.MILLISECONDS.toNanos(ms));
    }
    Latencies.Summary summary = latencies.summary();
    assertThat(summary.p50()).isCloseTo(500, Offset.offset(1.0));
    assertThat(summary.p99()).isCloseTo(990, Offset.offset(1.0));
    assertThat(summary.max()).isCloseTo(1000, Offset.offset(1.0));
  }

  @Test
  void whatIsBeyondTheScaleCountsAsItsEnd() {
    Latencies latencies = new Latencies();
    latencies.add(0);
    latencies.add(TimeUnit.DAYS.toNanos(1));
    assertThat(latencies.summary().max()).isCloseTo(3_600_000.0, Offset.offset(4_000.0));
  }
}
