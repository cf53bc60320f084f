// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.TopicIdPartition;
import io.jangada.record.RecordBatch;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FollowerReplicaTest {
  private final PartitionReplica follower =
      new PartitionReplica(
          new TopicIdPartition(new UUID(0, 1), 0), 2, ReplicaConfig.DEFAULT, recovered());

  FollowerReplicaTest() {
    List<BrokerView> replicas = List.of(new BrokerView(1, 11, true), new BrokerView(2, 12, true));
    step(
        new PartitionEvent.MetadataChanged(
            new PartitionAssignment(50, 1, 2, 1, List.of(1, 2), 2, replicas), 12));
  }

  @Test
  void whatWasSyncedBeforeATruncationSaysNothingAfterIt() {
    answer(1, new SubscribeAnswer.Diverged(1, 4));
    answer(2, new SubscribeAnswer.Ok());
    push(2, 4, 10, 2);
    assertThat(step(new PartitionEvent.LocalDurable(10, 0))).isEmpty();
    assertThat(follower.durableLogEndOffset()).isEqualTo(4);
    assertThat(step(new PartitionEvent.LocalDurable(10, 1))).containsExactly("ack s=2 to=10");
  }

  @Test
  void aDroppedLogIsAcknowledgedOnlyOnceThatIsDurable() {
    assertThat(answer(1, new SubscribeAnswer.BelowLogStart(50)))
        .containsExactly("reset start=50 gen=1", "subscribe s=2 at=1 epoch=2 from=50 last=-1");
    assertThat(answer(2, new SubscribeAnswer.Ok())).isEmpty();
    assertThat(step(new PartitionEvent.LocalDurable(50, 1))).containsExactly("ack s=2 to=50");
  }

  @Test
  void aPushThatDoesNotContinueTheLogEndsTheSession() {
    answer(1, new SubscribeAnswer.Ok());
    assertThat(push(1, 11, 12, 2)).containsExactly("unsubscribe s=1");
    assertThat(follower.logEndOffset()).isEqualTo(10);
  }

  @Test
  void goesOnWithinABatchThatCompactionHasEmptied() {
    answer(1, new SubscribeAnswer.Ok());
    List<RecordBatch> batches = List.of(RecordBatch.vacant(4, 19, 2, 1_000));
    assertThat(step(new PartitionEvent.Replicated(1, batches, 20, 0)))
        .containsExactly("write [10,20)@2", "high-watermark 20");
    assertThat(push(1, 15, 22, 2)).containsExactly("unsubscribe s=1");
  }

  @Test
  void pushesBringTheHighWatermarkAndTheLogStart() {
    answer(1, new SubscribeAnswer.Ok());
    List<RecordBatch> batches = List.of(TestBatches.placed(10, 12, 2));
    assertThat(step(new PartitionEvent.Replicated(1, batches, 20, 3)))
        .containsExactly("write [10,12)@2", "high-watermark 12", "log-start 3");
    assertThat(follower.logStartOffset()).isEqualTo(3);
  }

  @Test
  void rebuildsProducersSoThatAsLeaderItKnowsDuplicates() {
    answer(1, new SubscribeAnswer.Ok());
    RecordBatch batch = TestBatches.batch(2, 7, (short) 0, 5);
    batch.assign(10, 2);
    step(new PartitionEvent.Replicated(1, List.of(batch), 12, 0));
    List<BrokerView> replicas = List.of(new BrokerView(1, 11, false), new BrokerView(2, 12, true));
    step(
        new PartitionEvent.MetadataChanged(
            new PartitionAssignment(60, 2, 3, 2, List.of(2), 1, replicas), 12));
    RecordBatch again = TestBatches.batch(2, 7, (short) 0, 5);
    assertThat(step(new PartitionEvent.Append(9, again, Acks.ALL, -1, 1_000)))
        .containsExactly("complete id=9 at=10");
  }

  @Test
  void asksAgainAfterABackoff() {
    assertThat(step(new PartitionEvent.StreamLost(1))).isEmpty();
    assertThat(step(new PartitionEvent.Tick())).isEmpty();
    assertThat(follower.step(new PartitionEvent.Tick(), 100).stream().map(StoryText::of).toList())
        .containsExactly("subscribe s=2 at=1 epoch=2 from=10 last=1");
  }

  private List<String> answer(long session, SubscribeAnswer answer) {
    return step(new PartitionEvent.SubscribeAnswered(session, answer));
  }

  private List<String> push(long session, long from, long to, int epoch) {
    List<RecordBatch> batches = List.of(TestBatches.placed(from, to, epoch));
    return step(new PartitionEvent.Replicated(session, batches, 0, 0));
  }

  private List<String> step(PartitionEvent event) {
    return follower.step(event, 0).stream().map(StoryText::of).toList();
  }

  private static RecoveredLog recovered() {
    LeaderEpochHistory epochs = new LeaderEpochHistory();
    epochs.append(1, 0);
    return new RecoveredLog(0, 10, 10, 0, epochs, new ProducerStates());
  }
}
