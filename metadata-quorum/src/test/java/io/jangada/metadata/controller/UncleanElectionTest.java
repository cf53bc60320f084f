// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Refusal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Leaders that may lack acknowledged records: by an operator, or because the topic allows it. */
class UncleanElectionTest {
  private final MetadataFixture metadata = MetadataFixture.withBrokers(1, 2, 3);

  private ControllerRequest alteration(String key, String value) {
    return new ControllerRequest.AlterTopicConfigs(
        List.of(
            new ControllerRequest.TopicConfigChange(
                metadata.id("t", 0).topicId(), Map.of(key, value), List.of())),
        false);
  }

  @Test
  void anOperatorElectsFromTheLastKnownOnlyWhereNoOneElseIsLeft() {
    metadata.uncleanElections = true;
    metadata.create("t", 1, 1);
    int owner = metadata.partition("t", 0).leader();
    TopicIdPartition id = metadata.id("t", 0);
    ControllerRequest elect = new ControllerRequest.ElectFromLastKnown(id, -1, false);
    assertThat(refusal(elect).code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    metadata.stop(owner);
    assertThat(refusal(elect).message()).contains("surely has everything");
    metadata.register(owner, new UUID(9, 9));
    assertThat(refusal(elect).code()).isEqualTo(ErrorCode.LEADER_NOT_AVAILABLE);
    metadata.unfence(owner);
    int epoch = metadata.partition("t", 0).leaderEpoch();
    assertThat(metadata.ask(new ControllerRequest.ElectFromLastKnown(id, -1, true)))
        .isEqualTo(new ControllerAnswer.LeaderElected(metadata.image().index(), owner));
    assertThat(metadata.partition("t", 0).hasLeader()).isFalse();
    assertThat(metadata.ask(elect))
        .isEqualTo(new ControllerAnswer.LeaderElected(metadata.image().index(), owner));
    assertThat(metadata.partition("t", 0).leader()).isEqualTo(owner);
    assertThat(metadata.partition("t", 0).leaderEpoch()).isEqualTo(epoch + 1);
  }

  @Test
  void aTopicThatAllowsItElectsAnyoneOnceNoOneIsEligible() {
    metadata.uncleanElections = true;
    metadata.create("t", 1, 2, Map.of("min.insync.replicas", "1"));
    PartitionRegistration full = metadata.partition("t", 0);
    int first = full.replicas().get(0);
    int second = full.replicas().get(1);
    metadata.stop(second);
    metadata.stop(first);
    metadata.start(second);
    assertThat(metadata.partition("t", 0).hasLeader()).isFalse();
    metadata.ask(alteration("unclean.leader.election.enable", "true"));
    metadata.sweep();
    // Someone eligible may come back.
    assertThat(metadata.partition("t", 0).hasLeader()).isFalse();
    metadata.register(first, new UUID(9, 9));
    metadata.sweep();
    assertThat(metadata.partition("t", 0).leader()).isEqualTo(second);
  }

  private Refusal refusal(ControllerRequest request) {
    return ((ControllerAnswer.Failed) metadata.ask(request)).refusal();
  }

  @Test
  void theFeatureLevelOnlyRises() {
    List<ControllerRequest> requests =
        List.of(
            new ControllerRequest.SetFeatureLevel(1, false),
            new ControllerRequest.SetFeatureLevel(9, false));
    for (ControllerRequest request : requests) {
      assertThat(refusal(request).code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    }
    assertThat(
            metadata.ask(
                new ControllerRequest.SetFeatureLevel(FeatureRange.SUPPORTED.max(), false)))
        .isInstanceOf(ControllerAnswer.Done.class);
  }
}
