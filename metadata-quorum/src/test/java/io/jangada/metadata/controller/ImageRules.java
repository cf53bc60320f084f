// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.List;

/** What must hold between any two images that follow each other, however they were decided. */
final class ImageRules {
  private ImageRules() {}

  static void check(MetadataDelta delta) {
    check(delta, false);
  }

  /**
   * The same.
   *
   * @param uncleanElections whether leaders may be elected that have no rights
   */
  static void check(MetadataDelta delta, boolean uncleanElections) {
    MetadataImage before = delta.before();
    MetadataImage after = delta.after();
    assertThat(MetadataImage.ofRecords(after.index(), after.toRecords())).isEqualTo(after);
    assertThat(MetadataDelta.of(before, after.index(), delta.records()).after()).isEqualTo(after);
    assertThat(after.controllerEpoch()).isGreaterThanOrEqualTo(before.controllerEpoch());
    assertThat(after.cluster().nextProducerId())
        .isGreaterThanOrEqualTo(before.cluster().nextProducerId());
    after
        .brokers()
        .forEach(
            (id, broker) -> {
              var earlier = before.broker(id);
              assertThat(broker.brokerEpoch())
                  .isGreaterThanOrEqualTo(earlier == null ? 0 : earlier.brokerEpoch());
            });
    for (TopicImage topic : after.topics().values()) {
      topic
          .partitions()
          .forEach(
              (number, partition) -> {
                TopicIdPartition id = topic.partitionId(number);
                members(partition, topic.typedConfigs().minInsyncReplicas());
                assertThat(after.brokers().keySet()).containsAll(partition.replicas());
                PartitionRegistration earlier = before.partition(id);
                if (earlier != null && uncleanElections && elects(earlier, partition)) {
                  assertThat(earlier.hasLeader()).isFalse();
                  assertThat(partition.isr()).isEqualTo(List.of(partition.leader()));
                } else if (earlier != null) {
                  follows(earlier, partition);
                }
              });
    }
  }

  private static boolean elects(PartitionRegistration before, PartitionRegistration after) {
    return after.hasLeader()
        && after.leader() != before.leader()
        && !before.hasRights(after.leader());
  }

  private static void members(PartitionRegistration partition, int minInsyncReplicas) {
    assertThat(partition.replicas()).containsAll(partition.isr()).containsAll(partition.elr());
    assertThat(partition.elr()).noneMatch(partition.isr()::contains);
    if (partition.hasLeader()) {
      assertThat(partition.isr()).contains(partition.leader());
    }
    if (partition.isr().size() >= Math.min(minInsyncReplicas, partition.replicas().size())) {
      assertThat(partition.elr()).isEmpty();
      assertThat(partition.lastKnownElr()).isEmpty();
    }
  }

  private static void follows(PartitionRegistration before, PartitionRegistration after) {
    if (after.equals(before)) {
      return;
    }
    assertThat(after.partitionEpoch()).isEqualTo(before.partitionEpoch() + 1);
    assertThat(after.leaderEpoch())
        .isEqualTo(before.leaderEpoch() + (after.leader() == before.leader() ? 0 : 1));
    if (after.hasLeader() && after.leader() != before.leader()) {
      List<Integer> eligible = before.isr().isEmpty() ? before.elr() : before.isr();
      assertThat(before.hasRights(after.leader())).isTrue();
      if (!before.isr().isEmpty() && before.elr().contains(after.leader())) {
        // An ELR member is elected only in an entry that empties the ISR.
        assertThat(after.isr()).isEqualTo(List.of(after.leader()));
      } else {
        assertThat(eligible).contains(after.leader());
      }
    }
  }
}
