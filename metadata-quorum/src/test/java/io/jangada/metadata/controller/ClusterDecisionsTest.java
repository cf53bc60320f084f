// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import static io.jangada.metadata.controller.BrokerDecisionsTest.code;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Claims, the cluster's identity, voters, producer ids. */
class ClusterDecisionsTest {
  private final MetadataFixture metadata = MetadataFixture.withBrokers(1);

  @Test
  void theControllerEpochIsTheIndexOfTheClaim() {
    ControllerAnswer answer = metadata.ask(new ControllerRequest.ClaimController(2));
    long index = metadata.image().index();
    assertThat(answer).isEqualTo(new ControllerAnswer.Claimed(index, index));
    assertThat(metadata.image().controllerEpoch()).isEqualTo(index);
    assertThat(metadata.image().cluster().controller().nodeId()).isEqualTo(2);
  }

  @Test
  void aClusterIsFormattedOnce() {
    UUID history = new UUID(8, 8);
    long before = metadata.image().index();
    assertThat(metadata.ask(new ControllerRequest.FormatCluster(new UUID(1, 1), history)))
        .isEqualTo(new ControllerAnswer.Done(before));
    assertThat(code(metadata.ask(new ControllerRequest.FormatCluster(new UUID(4, 4), history))))
        .isEqualTo(ErrorCode.INCONSISTENT_CLUSTER_ID);
    assertThat(metadata.image().cluster().historyId()).isEqualTo(new UUID(1, 2));
  }

  @Test
  void aVoterWithAnotherDirectoryIsAnotherVoterInItsPlace() {
    metadata.ask(new ControllerRequest.RegisterQuorumMember(1, new UUID(5, 1)));
    long index = metadata.image().index();
    assertThat(metadata.ask(new ControllerRequest.RegisterQuorumMember(1, new UUID(5, 1))))
        .isEqualTo(new ControllerAnswer.Done(index));
    assertThat(metadata.image().quorumMembers()).containsEntry(1, new UUID(5, 1));
    metadata.ask(new ControllerRequest.RegisterQuorumMember(1, new UUID(5, 2)));
    assertThat(metadata.image().quorumMembers()).containsEntry(1, new UUID(5, 2));
  }

  @Test
  void producerIdsAreGivenOnce() {
    ControllerRequest request = new ControllerRequest.AllocateProducerIds(1, metadata.epoch(1));
    ControllerAnswer.ProducerIds first = (ControllerAnswer.ProducerIds) metadata.ask(request);
    ControllerAnswer.ProducerIds second = (ControllerAnswer.ProducerIds) metadata.ask(request);
    assertThat(second.first()).isEqualTo(first.first() + first.count());
  }
}
