// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.core.PartitionAssignment;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RepairsTest {
  private static final TopicIdPartition ID = new TopicIdPartition(new UUID(1, 2), 3);
  private final Repairs repairs = new Repairs(1);

  private static PartitionAssignment assignment(int leader, int partitionEpoch, Integer... isr) {
    return new PartitionAssignment(7, leader, 5, partitionEpoch, List.of(isr), 1, List.of());
  }

  @Test
  void nothingBeginsWhileTheQuorumCountsOnTheReplica() {
    repairs.told(ID, assignment(1, 4, 1, 2));
    assertThat(repairs.decide(ID, assignment(1, 4, 1, 2))).isEqualTo(Repairs.Decision.WAIT);
    // An ISR change that was under way has won.
    assertThat(repairs.decide(ID, assignment(2, 5, 2, 1))).isEqualTo(Repairs.Decision.RELINQUISH);
    assertThat(repairs.decide(ID, assignment(2, 5, 2, 1))).isEqualTo(Repairs.Decision.WAIT);
    assertThat(repairs.decide(ID, assignment(2, 6, 2))).isEqualTo(Repairs.Decision.REBUILD);
  }

  @Test
  void nothingBeginsWhereNobodyLeads() {
    assertThat(repairs.decide(ID, assignment(-1, 4))).isEqualTo(Repairs.Decision.NOBODY_LEADS);
    assertThat(repairs.decide(ID, assignment(2, 5, 2))).isEqualTo(Repairs.Decision.REBUILD);
  }

  @Test
  void whatIsDamagedAgainAndAgainStaysOffline() {
    for (int i = 0; i < Repairs.MAX_REPAIRS; i++) {
      assertThat(repairs.decide(ID, assignment(2, 5, 2))).isEqualTo(Repairs.Decision.REBUILD);
    }
    assertThat(repairs.decide(ID, assignment(2, 5, 2))).isEqualTo(Repairs.Decision.GIVE_UP);
    repairs.forget(ID);
    assertThat(repairs.decide(ID, assignment(2, 5, 2))).isEqualTo(Repairs.Decision.REBUILD);
  }
}
