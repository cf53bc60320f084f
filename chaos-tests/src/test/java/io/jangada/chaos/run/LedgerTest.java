// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final long MS = 1_000_000;

  private final Ledger ledger = new Ledger(2);

  @Test
  void aGapIsTimeInWhichSomeoneWaitedAndNothingCame() {
    ledger.sent(0);
    ledger.acknowledged(0, 0, 10, 100 * MS, 105 * MS);
    assertThat(ledger.longestGapMs()).isEqualTo(5);
    // Nothing was sent for a second: that is no gap.
    ledger.sent(0);
    ledger.acknowledged(0, 1, 10, 1100 * MS, 1103 * MS);
    assertThat(ledger.longestGapMs()).isEqualTo(5);
    // Two wait; the second is answered 1 ms after the first, and counts from there.
    ledger.sent(0);
    ledger.sent(0);
    ledger.acknowledged(0, 2, 10, 1200 * MS, 1240 * MS);
    ledger.acknowledged(0, 3, 10, 1200 * MS, 1241 * MS);
    assertThat(ledger.longestGapMs()).isEqualTo(40);
  }

  @Test
  void countsByPartitionWhatIsInFlight() {
    ledger.sent(0);
    ledger.sent(1);
    ledger.sent(1);
    ledger.acknowledged(1, 7, 10, 0, MS);
    assertThat(ledger.inFlight(0)).isEqualTo(1);
    assertThat(ledger.inFlight(1)).isEqualTo(1);
    assertThat(ledger.isAcknowledged(7)).isTrue();
    assertThat(ledger.isAcknowledged(6)).isFalse();
    assertThat(ledger.acknowledgedRecords()).isEqualTo(1);
    assertThat(ledger.acknowledgedBytes()).isEqualTo(10);
  }
}
