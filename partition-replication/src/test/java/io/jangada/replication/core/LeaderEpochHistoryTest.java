// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LeaderEpochHistoryTest {
  private final LeaderEpochHistory history = history(1, 0, 3, 10, 6, 20);

  @Test
  void anEpochEndsWhereTheNextBegins() {
    assertThat(history.endOffsetOf(1, 30)).isEqualTo(10);
    assertThat(history.endOffsetOf(2, 30)).isEqualTo(10);
    assertThat(history.endOffsetOf(3, 30)).isEqualTo(20);
    assertThat(history.endOffsetOf(6, 30)).isEqualTo(30);
    assertThat(history.endOffsetOf(0, 30)).isEqualTo(0);
    assertThat(history.floorEpoch(5)).isEqualTo(3);
    assertThat(history.floorEpoch(0)).isEqualTo(LeaderEpochHistory.NO_EPOCH);
  }

  @Test
  void anEmptyEpochGivesWayToItsSuccessor() {
    history.append(7, 30);
    history.append(9, 30);
    assertThat(history.toString()).isEqualTo("[1@0, 3@10, 6@20, 9@30]");
  }

  @Test
  void truncationTakesEpochsOutThatBeginBehindIt() {
    history.truncateFrom(20);
    assertThat(history.lastEpoch()).isEqualTo(3);
    history.truncateFrom(0);
    assertThat(history.lastEpoch()).isEqualTo(LeaderEpochHistory.NO_EPOCH);
  }

  @Test
  void theLogStartTakesEpochsOutThatEndBeforeIt() {
    history.truncateBefore(15);
    assertThat(history.toString()).isEqualTo("[3@15, 6@20]");
    history.truncateBefore(20);
    assertThat(history.toString()).isEqualTo("[6@20]");
  }

  @Test
  void epochsDoNotFall() {
    assertThatThrownBy(() -> history.append(5, 30)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aCopyIsIndependent() {
    LeaderEpochHistory copy = history.copy();
    copy.clear();
    assertThat(history.size()).isEqualTo(3);
    assertThat(history.epochAt(2)).isEqualTo(6);
    assertThat(history.startOffsetAt(2)).isEqualTo(20);
  }

  private static LeaderEpochHistory history(int... epochsAndOffsets) {
    LeaderEpochHistory history = new LeaderEpochHistory();
    for (int i = 0; i < epochsAndOffsets.length; i += 2) {
      history.append(epochsAndOffsets[i], epochsAndOffsets[i + 1]);
    }
    return history;
  }
}
