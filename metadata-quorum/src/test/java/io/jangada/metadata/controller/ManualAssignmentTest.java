// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.ControllerAnswer.AddPartitionsResult;
import io.jangada.metadata.command.ControllerAnswer.CreateTopicResult;
import io.jangada.metadata.command.ControllerAnswer.PartitionsAdded;
import io.jangada.metadata.command.ControllerAnswer.TopicsCreated;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.ControllerRequest.NewTopic;
import io.jangada.metadata.command.ControllerRequest.PartitionCount;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Replicas that an operator chooses. */
class ManualAssignmentTest {
  private final MetadataFixture metadata = MetadataFixture.withBrokers(1, 2, 3);

  private CreateTopicResult create(
      String name, int partitions, int replicationFactor, List<List<Integer>> assignments) {
    NewTopic topic = new NewTopic(name, partitions, replicationFactor, Map.of(), assignments);
    return ((TopicsCreated) metadata.ask(new ControllerRequest.CreateTopics(List.of(topic), false)))
        .results()
        .getFirst();
  }

  private AddPartitionsResult add(String name, int partitions, List<List<Integer>> assignments) {
    PartitionCount count =
        new PartitionCount(
            Objects.requireNonNull(metadata.image().topic(name)).id(), partitions, assignments);
    return ((PartitionsAdded)
            metadata.ask(new ControllerRequest.AddPartitions(List.of(count), false)))
        .results()
        .getFirst();
  }

  private static ErrorCode code(@Nullable Refusal refusal) {
    return Objects.requireNonNull(refusal).code();
  }

  @Test
  void replicasAreWhereTheyWereWantedAndTheFirstLeads() {
    CreateTopicResult result = create("t", 0, 0, List.of(List.of(3, 1), List.of(2, 3)));
    assertThat(result.refusal()).isNull();
    assertThat(result.partitions()).isEqualTo(2);
    assertThat(result.replicationFactor()).isEqualTo(2);
    assertThat(metadata.partition("t", 0).replicas()).containsExactly(3, 1);
    assertThat(metadata.partition("t", 0).leader()).isEqualTo(3);
    assertThat(metadata.partition("t", 1).isr()).containsExactly(2, 3);

    assertThat(add("t", 4, List.of(List.of(1, 2), List.of(2, 1))).refusal()).isNull();
    assertThat(metadata.partition("t", 2).replicas()).containsExactly(1, 2);
    assertThat(metadata.partition("t", 3).leader()).isEqualTo(2);
  }

  @Test
  void aBrokerThatIsAwayMayBeAmongThemButNeitherLeadsNorIsInSync() {
    metadata.fence(3);
    assertThat(create("t", 0, 0, List.of(List.of(3, 1))).refusal()).isNull();
    PartitionRegistration partition = metadata.partition("t", 0);
    assertThat(partition.replicas()).containsExactly(3, 1);
    assertThat(partition.isr()).containsExactly(1);
    assertThat(partition.leader()).isEqualTo(1);
    assertThat(code(create("u", 0, 0, List.of(List.of(3))).refusal()))
        .isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
  }

  @Test
  void whatCannotBeIsRefusedBeforeAnythingIsCreated() {
    for (List<List<Integer>> bad :
        List.of(
            List.of(List.<Integer>of()),
            List.of(List.of(1, 9)),
            List.of(List.of(1, 1)),
            List.of(List.of(1, 2), List.of(3)))) {
      assertThat(code(create("t", 0, 0, bad).refusal()))
          .isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
    }
    assertThat(code(create("t", 1, 0, List.of(List.of(1))).refusal()))
        .isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(metadata.image().topic("t")).isNull();
  }

  @Test
  void morePartitionsNeedAsManyAssignmentsWithAsManyReplicas() {
    create("t", 0, 0, List.of(List.of(1, 2)));
    for (List<List<Integer>> bad :
        List.of(
            List.<List<Integer>>of(), List.of(List.of(1, 2)), List.of(List.of(1), List.of(2)))) {
      assertThat(code(add("t", 3, bad).refusal())).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
    }
  }
}
