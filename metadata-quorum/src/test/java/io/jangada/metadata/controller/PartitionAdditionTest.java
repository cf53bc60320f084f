// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerAnswer.AddPartitionsResult;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** More partitions for a living topic. */
class PartitionAdditionTest {
  private final MetadataFixture metadata = MetadataFixture.withBrokers(1, 2, 3);

  private TopicImage topic(String name) {
    return Objects.requireNonNull(metadata.image().topic(name));
  }

  private ControllerRequest.AddPartitions request(UUID id, int partitions, boolean validateOnly) {
    return new ControllerRequest.AddPartitions(
        List.of(new ControllerRequest.PartitionCount(id, partitions)), validateOnly);
  }

  private AddPartitionsResult add(String name, int partitions) {
    return result(metadata.ask(request(topic(name).id(), partitions, false)));
  }

  private static AddPartitionsResult result(ControllerAnswer answer) {
    return ((ControllerAnswer.PartitionsAdded) answer).results().getFirst();
  }

  private static ErrorCode code(AddPartitionsResult result) {
    return Objects.requireNonNull(result.refusal()).code();
  }

  @Test
  void theNewOnesAreLikeTheOldOnesAndTheOldOnesStay() {
    metadata.create("t", 2, 2);
    PartitionRegistration first = metadata.partition("t", 0);
    assertThat(add("t", 5)).isEqualTo(new AddPartitionsResult(topic("t").id(), 2, 5, null));
    assertThat(topic("t").partitions().keySet()).containsExactly(0, 1, 2, 3, 4);
    assertThat(metadata.partition("t", 0)).isEqualTo(first);
    for (PartitionRegistration partition : topic("t").partitions().values()) {
      assertThat(partition.replicas()).hasSize(2);
      assertThat(partition.isr()).isEqualTo(partition.replicas());
      assertThat(partition.leader()).isEqualTo(partition.replicas().getFirst());
    }
    assertThat(metadata.partition("t", 4).leaderEpoch()).isZero();
  }

  @Test
  void theSameNumberOrLessIsRefused() {
    metadata.create("t", 3, 1);
    for (int partitions : List.of(3, 2, 0, -1)) {
      AddPartitionsResult result = add("t", partitions);
      assertThat(code(result)).isEqualTo(ErrorCode.INVALID_PARTITIONS);
      assertThat(Objects.requireNonNull(result.refusal()).message())
          .isEqualTo("expected more than the 3 partitions that t has, but got " + partitions);
    }
    assertThat(topic("t").partitions()).hasSize(3);
  }

  @Test
  void theLimitsOfACreationHold() {
    metadata.create("t", 1, 3);
    assertThat(code(add("t", 10_001))).isEqualTo(ErrorCode.INVALID_PARTITIONS);
    metadata.create("u", 2, 1);
    metadata.create("v", 2, 1);
    List<AddPartitionsResult> together =
        ((ControllerAnswer.PartitionsAdded)
                metadata.ask(
                    new ControllerRequest.AddPartitions(
                        List.of(
                            new ControllerRequest.PartitionCount(topic("u").id(), 9_000),
                            new ControllerRequest.PartitionCount(topic("v").id(), 1_005)),
                        true)))
            .results();
    assertThat(together.get(0).refusal()).isNull();
    assertThat(code(together.get(1))).isEqualTo(ErrorCode.INVALID_PARTITIONS);
  }

  @Test
  void aBrokerThatIsAwayCatchesUpWhenItIsBack() {
    metadata.create("t", 1, 3);
    metadata.stop(2);
    assertThat(add("t", 2).refusal()).isNull();
    PartitionRegistration added = metadata.partition("t", 1);
    assertThat(added.replicas()).hasSize(3).endsWith(2);
    assertThat(added.isr()).hasSize(2).doesNotContain(2);
    assertThat(added.leader()).isEqualTo(added.replicas().getFirst());
  }

  @Test
  void aCheckAddsNothing() {
    metadata.create("t", 1, 1);
    MetadataImage before = metadata.image();
    assertThat(result(metadata.ask(request(topic("t").id(), 4, true))))
        .isEqualTo(new AddPartitionsResult(topic("t").id(), 1, 4, null));
    assertThat(metadata.image()).isSameAs(before);
  }

  @Test
  void whatTheClusterKeepsForItselfStaysAsItIs() {
    metadata.create("__consumer_offsets", 1, 1);
    metadata.create("__mine", 1, 1);
    assertThat(code(add("__consumer_offsets", 2))).isEqualTo(ErrorCode.INVALID_PARTITIONS);
    assertThat(add("__mine", 2).refusal()).isNull();
  }

  @Test
  void aTopicThatIsGoneIsUnknown() {
    assertThat(code(result(metadata.ask(request(new UUID(9, 9), 2, false)))))
        .isEqualTo(ErrorCode.UNKNOWN_TOPIC);
  }

  @Test
  void ofTwoAtOnceTheSecondIsRejectedAsAWhole() {
    metadata.create("t", 2, 1);
    MetadataImage seen = metadata.image();
    for (int later : List.of(3, 6)) {
      Decision decision = Controller.decide(seen, request(topic("t").id(), later, false), later);
      Decision.Propose propose = (Decision.Propose) decision;
      if (later == 3) {
        metadata.append(propose.batch());
        continue;
      }
      AddPartitionsResult rejected =
          result(propose.conclusion().conclude(metadata.append(propose.batch())));
      assertThat(rejected.refusal())
          .extracting(Refusal::code)
          .isEqualTo(ErrorCode.INVALID_UPDATE_VERSION);
    }
    assertThat(topic("t").partitions()).hasSize(3);
  }
}
