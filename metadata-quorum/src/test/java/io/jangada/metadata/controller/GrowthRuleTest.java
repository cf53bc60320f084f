// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is refused while the controller's disk is nearly full, and what is not. */
class GrowthRuleTest {
  private static final MetadataRoom SCARCE = new MetadataRoom(99, 100);
  private static final MetadataRoom ENOUGH = new MetadataRoom(100, 100);

  private final MetadataFixture metadata = MetadataFixture.withBrokers(1, 2, 3);

  private @Nullable Refusal refusal(MetadataRoom room, ControllerRequest request) {
    return Controller.decide(metadata.image(), room, request, 1)
                instanceof Decision.Answer(ControllerAnswer.Failed(long ignored, Refusal why))
            && why.code() == ErrorCode.DISK_FULL
        ? why
        : null;
  }

  private static ControllerRequest create(boolean validateOnly) {
    return new ControllerRequest.CreateTopics(
        List.of(new ControllerRequest.NewTopic("new", 1, 1, Map.of())), validateOnly);
  }

  private ControllerRequest add(boolean validateOnly) {
    UUID id = Objects.requireNonNull(metadata.image().topic("t")).id();
    return new ControllerRequest.AddPartitions(
        List.of(new ControllerRequest.PartitionCount(id, 2)), validateOnly);
  }

  private ControllerRequest alter(Map<String, String> set, String... unset) {
    UUID id = Objects.requireNonNull(metadata.image().topic("t")).id();
    return new ControllerRequest.AlterTopicConfigs(
        List.of(new ControllerRequest.TopicConfigChange(id, set, List.of(unset))), false);
  }

  @Test
  void whatAddsToTheMetadataIsRefusedDefinitely() {
    metadata.create("t", 1, 3);
    for (ControllerRequest request :
        List.of(
            create(false),
            add(false),
            alter(Map.of("segment.bytes", "8192")),
            alter(Map.of("segment.bytes", "8192", "retention.ms", "1")))) {
      Refusal refusal = Objects.requireNonNull(refusal(SCARCE, request));
      assertThat(refusal.code().definite()).isTrue();
      assertThat(refusal.code().retriable()).isTrue();
      assertThat(refusal.message())
          .isEqualTo(
              "expected at least 100 bytes free for the metadata, but the controller's disk has"
                  + " 99");
      assertThat(refusal.hint()).startsWith("make room");
      assertThat(refusal(ENOUGH, request)).isNull();
    }
  }

  @Test
  void whatMustGoOnAndWhatMakesRoomPasses() {
    metadata.create("t", 1, 3);
    UUID topic = Objects.requireNonNull(metadata.image().topic("t")).id();
    int leader = metadata.partition("t", 0).leader();
    for (ControllerRequest request :
        List.of(
            create(true),
            add(true),
            new ControllerRequest.ElectPreferred(List.of(metadata.id("t", 0)), false),
            alter(Map.of("retention.ms", "1", "retention.bytes", "1")),
            alter(Map.of(), "segment.bytes"),
            new ControllerRequest.DeleteTopics(List.of(topic), false),
            new ControllerRequest.FenceBroker(
                leader,
                Objects.requireNonNull(metadata.image().broker(leader)).brokerEpoch(),
                "test"),
            metadata.proposal("t", 0, leader),
            new ControllerRequest.ClaimController(1),
            new ControllerRequest.RegisterQuorumMember(2, UUID.randomUUID()),
            new ControllerRequest.AllocateProducerIds(1, 1))) {
      assertThat(refusal(SCARCE, request)).as(request.toString()).isNull();
    }
  }
}
