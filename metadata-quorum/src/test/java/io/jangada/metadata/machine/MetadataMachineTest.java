// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.BrokerStatus;
import io.jangada.metadata.command.ConditionalBatch;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Precondition;
import io.jangada.metadata.image.MetadataImage;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MetadataMachineTest {
  private static final UUID TOPIC = new UUID(1, 1);
  private static final TopicIdPartition PARTITION = new TopicIdPartition(TOPIC, 0);
  private static final MetadataRecord CREATED =
      new MetadataRecord.TopicCreated("t", TOPIC, Map.of());
  private static final MetadataImage CLAIMED = claimed(MetadataImage.EMPTY, 5).image();

  @Test
  void aClaimGivesTheIndexAsEpoch() {
    Applied applied = claimed(MetadataImage.EMPTY, 5);
    assertThat(applied.delta().records())
        .containsExactly(new MetadataRecord.ControllerClaimed(1, 5));
    assertThat(applied.image().controllerEpoch()).isEqualTo(5);
  }

  @Test
  void beforeTheFirstClaimNothingIsWritten() {
    Applied applied =
        MetadataMachine.apply(
            MetadataImage.EMPTY, 1, new ConditionalBatch(0, List.of(item(CREATED))));
    assertThat(codes(applied)).containsExactly(ErrorCode.NOT_CONTROLLER);
    assertThat(applied.image().index()).isEqualTo(1);
  }

  @Test
  void aDeposedControllerIsRejected() {
    MetadataImage next = claimed(CLAIMED, 9).image();
    Applied applied =
        MetadataMachine.apply(next, 10, new ConditionalBatch(5, List.of(item(CREATED))));
    assertThat(codes(applied)).containsExactly(ErrorCode.NOT_CONTROLLER);
    assertThat(applied.image()).isEqualTo(next.withIndex(10));
  }

  @Test
  void nothingIsSmuggledInWithAClaim() {
    Applied applied =
        MetadataMachine.apply(
            CLAIMED,
            6,
            new ConditionalBatch(
                ConditionalBatch.CLAIMING,
                List.of(item(new MetadataRecord.ControllerClaimed(1, -1), CREATED))));
    assertThat(codes(applied)).containsExactly(ErrorCode.INVALID_REQUEST);
    Applied inside =
        MetadataMachine.apply(
            CLAIMED,
            6,
            new ConditionalBatch(5, List.of(item(new MetadataRecord.ControllerClaimed(1, -1)))));
    assertThat(codes(inside)).containsExactly(ErrorCode.INVALID_REQUEST);
  }

  @Test
  void anEntrySeenBeforeChangesNothing() {
    Applied first = apply(CLAIMED, item(CREATED));
    Applied again =
        MetadataMachine.apply(
            first.image(), first.image().index(), new ConditionalBatch(5, List.of(item(CREATED))));
    assertThat(again.image()).isSameAs(first.image());
    assertThat(again.delta().isEmpty()).isTrue();
    assertThat(again.results()).containsExactly(new ItemResult.Replayed());
  }

  @Test
  void anEmptyBatchOnlyMovesTheIndex() {
    Applied applied = MetadataMachine.apply(CLAIMED, 8, new ConditionalBatch(5, List.of()));
    assertThat(applied.results()).isEmpty();
    assertThat(applied.image()).isEqualTo(CLAIMED.withIndex(8));
  }

  @Test
  void anItemIsWrittenWholeOrNotAtAll() {
    MetadataRecord orphan =
        new MetadataRecord.PartitionRegistered(
            new TopicIdPartition(new UUID(9, 9), 0), partition(-1, 0, 0));
    Applied applied = apply(CLAIMED, item(CREATED, orphan), item(CREATED));
    assertThat(applied.results().get(0)).isInstanceOf(ItemResult.Rejected.class);
    assertThat(applied.results().get(1)).isEqualTo(new ItemResult.Accepted());
    assertThat(applied.delta().records()).containsExactly(CREATED);
  }

  @Test
  void anItemSeesTheItemsBeforeIt() {
    Applied applied =
        apply(
            CLAIMED,
            item(CREATED),
            new BatchItem(
                List.of(new Precondition.NameAbsent("t")),
                List.of(new MetadataRecord.TopicCreated("t", new UUID(2, 2), Map.of()))));
    assertThat(codes(applied)).containsExactly(ErrorCode.TOPIC_ALREADY_EXISTS);
  }

  @Test
  void eachPreconditionComparesWhatItNames() {
    MetadataImage image =
        apply(
                CLAIMED,
                item(
                    CREATED,
                    new MetadataRecord.PartitionRegistered(PARTITION, partition(-1, 3, 7))))
            .image();
    TopicIdPartition unknown = new TopicIdPartition(TOPIC, 1);
    holds(image, new Precondition.NameAbsent("u"));
    fails(image, new Precondition.NameAbsent("t"), ErrorCode.TOPIC_ALREADY_EXISTS);
    holds(image, new Precondition.TopicIdIs("t", TOPIC));
    fails(image, new Precondition.TopicIdIs("t", new UUID(2, 2)), ErrorCode.UNKNOWN_TOPIC);
    holds(image, new Precondition.LeaderEpochIs(PARTITION, 3));
    fails(image, new Precondition.LeaderEpochIs(PARTITION, 2), ErrorCode.FENCED_LEADER_EPOCH);
    fails(image, new Precondition.LeaderEpochIs(unknown, 0), ErrorCode.UNKNOWN_PARTITION);
    holds(image, new Precondition.PartitionEpochIs(PARTITION, 7));
    fails(image, new Precondition.PartitionEpochIs(PARTITION, 6), ErrorCode.INVALID_UPDATE_VERSION);
    fails(image, new Precondition.PartitionEpochIs(unknown, 0), ErrorCode.UNKNOWN_PARTITION);
    holds(image, new Precondition.BrokerAbsent(1));
    fails(image, new Precondition.BrokerEpochIs(1, 4), ErrorCode.STALE_BROKER_EPOCH);
    fails(
        image, new Precondition.IncarnationIs(1, new UUID(2, 2)), ErrorCode.INVALID_UPDATE_VERSION);
    holds(image, new Precondition.NextProducerIdIs(0));
    fails(image, new Precondition.NextProducerIdIs(1), ErrorCode.INVALID_UPDATE_VERSION);
  }

  @Test
  void aRecordThatWouldBreakAnInvariantIsRejected() {
    MetadataImage image =
        apply(
                CLAIMED,
                item(
                    CREATED,
                    new MetadataRecord.PartitionRegistered(PARTITION, partition(-1, 3, 7))))
            .image();
    rejected(image, new MetadataRecord.PartitionRegistered(PARTITION, partition(-1, 3, 7)));
    rejected(image, new MetadataRecord.PartitionRegistered(PARTITION, partition(-1, 2, 8)));
    rejected(image, new MetadataRecord.PartitionRegistered(PARTITION, partition(1, 4, 8)));
    rejected(
        image,
        new MetadataRecord.PartitionRegistered(
            PARTITION,
            new PartitionRegistration(List.of(1), List.of(1), List.of(1), List.of(), -1, 4, 8)));
    rejected(image, new MetadataRecord.BrokerStatusChanged(1, BrokerStatus.ACTIVE, "nobody"));
    rejected(image, new MetadataRecord.TopicDeleted(new UUID(4, 4)));
    rejected(image, new MetadataRecord.ProducerIdsAllocated(-1));
  }

  private static Applied claimed(MetadataImage image, long index) {
    return MetadataMachine.apply(
        image,
        index,
        new ConditionalBatch(
            ConditionalBatch.CLAIMING,
            List.of(item(new MetadataRecord.ControllerClaimed(1, ConditionalBatch.CLAIMING)))));
  }

  private static Applied apply(MetadataImage image, BatchItem... items) {
    return MetadataMachine.apply(
        image, image.index() + 1, new ConditionalBatch(image.controllerEpoch(), List.of(items)));
  }

  private static BatchItem item(MetadataRecord... records) {
    return new BatchItem(List.of(), List.of(records));
  }

  private static PartitionRegistration partition(int leader, int leaderEpoch, int partitionEpoch) {
    List<Integer> isr = leader < 0 ? List.of() : List.of(leader);
    return new PartitionRegistration(
        List.of(1), isr, List.of(), List.of(), leader, leaderEpoch, partitionEpoch);
  }

  private static void holds(MetadataImage image, Precondition precondition) {
    assertThat(apply(image, new BatchItem(List.of(precondition), List.of())).results())
        .containsExactly(new ItemResult.Accepted());
  }

  private static void fails(MetadataImage image, Precondition precondition, ErrorCode code) {
    assertThat(codes(apply(image, new BatchItem(List.of(precondition), List.of()))))
        .containsExactly(code);
  }

  private static void rejected(MetadataImage image, MetadataRecord record) {
    assertThat(apply(image, item(record)).results().getFirst())
        .isInstanceOf(ItemResult.Rejected.class);
  }

  private static List<ErrorCode> codes(Applied applied) {
    return applied.results().stream()
        .filter(ItemResult.Rejected.class::isInstance)
        .map(result -> ((ItemResult.Rejected) result).refusal().code())
        .toList();
  }
}
