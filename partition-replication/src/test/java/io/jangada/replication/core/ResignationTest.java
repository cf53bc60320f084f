// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResignationTest {
  private final Resignation resignation = new Resignation(2_000);

  @Test
  void itTakesAWhileWithoutAnInterruption() {
    assertThat(resignation.stuck(0)).isFalse();
    assertThat(resignation.stuck(1_999)).isFalse();
    resignation.notStuck();
    assertThat(resignation.stuck(2_000)).isFalse();
    assertThat(resignation.stuck(3_999)).isFalse();
    assertThat(resignation.stuck(4_000)).isTrue();
  }

  @Test
  void eachFurtherTimeTakesTwiceAsLongUpToABound() {
    List<Long> at = new ArrayList<>();
    for (long nowMs = 0; nowMs <= 260_000; nowMs += 100) {
      if (resignation.stuck(nowMs)) {
        at.add(nowMs / 1_000);
        // Elected again, in another leader epoch.
        resignation.notStuck();
        resignation.stuck(nowMs);
      }
    }
    assertThat(at).containsExactly(2L, 6L, 14L, 30L, 62L, 122L, 182L, 242L);
  }

  @Test
  void whoCouldCommitStartsAnew() {
    resignation.stuck(0);
    assertThat(resignation.stuck(2_000)).isTrue();
    resignation.canCommit();
    assertThat(resignation.stuck(3_000)).isFalse();
    assertThat(resignation.stuck(5_000)).isTrue();
  }
}
