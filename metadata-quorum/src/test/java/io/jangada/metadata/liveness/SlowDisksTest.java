// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.liveness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SlowDisksTest {
  private final SlowDisks disks = new SlowDisks(Duration.ofMillis(1_500));

  private static long ms(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void aStalledDiskIsRelievedOnceAsAWholeAndThenOfLeaderships() {
    disks.heard(1, 1_499, ms(0));
    assertThat(disks.due(ms(0))).isEmpty();
    disks.heard(1, 1_500, ms(10));
    disks.heard(2, 2_000, ms(10));
    assertThat(disks.due(ms(10)))
        .containsExactly(
            new SlowDisks.Relief(1, Set.of(1, 2), false),
            new SlowDisks.Relief(2, Set.of(1, 2), false));
    assertThat(disks.due(ms(20))).isEmpty();
    disks.heard(2, 0, ms(30));
    disks.heard(1, 2_500, ms(1_000));
    assertThat(disks.due(ms(1_010))).containsExactly(new SlowDisks.Relief(1, Set.of(1), true));
  }

  @Test
  void whatIsSetForABrokerCountsFromItsNextHeartbeatOn() {
    disks.heard(1, 900, Duration.ofMillis(800), ms(0));
    assertThat(disks.due(ms(0))).hasSize(1);
    disks.heard(1, 1_700, Duration.ofSeconds(2), ms(10));
    assertThat(disks.due(ms(2_000))).isEmpty();
  }

  @Test
  void aHealthyDiskBeginsAnew() {
    disks.heard(1, 3_000, ms(0));
    assertThat(disks.due(ms(0))).hasSize(1);
    disks.heard(1, 0, ms(100));
    disks.heard(1, 1_600, ms(200));
    assertThat(disks.due(ms(200))).containsExactly(new SlowDisks.Relief(1, Set.of(1), false));
  }

  @Test
  void whatASilentBrokerSaidIsForgotten() {
    disks.heard(1, 3_000, ms(0));
    assertThat(disks.due(ms(5_000))).isEmpty();
  }
}
