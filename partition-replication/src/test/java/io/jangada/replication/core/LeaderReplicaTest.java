// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.TopicIdPartition;
import io.jangada.record.RecordBatch;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LeaderReplicaTest {
  private static final UUID TOPIC = new UUID(0, 1);
  private static final FollowerSession FOLLOWER = new FollowerSession(2, 12, 1);

  private final PartitionReplica leader =
      new PartitionReplica(
          new TopicIdPartition(TOPIC, 0),
          1,
          new ReplicaConfig(10_000, 100, 3, 2, 60_000, 2_000),
          RecoveredLog.empty());
  private long nowMs;

  LeaderReplicaTest() {
    List<BrokerView> replicas = List.of(new BrokerView(1, 11, true), new BrokerView(2, 12, true));
    step(
        new PartitionEvent.MetadataChanged(
            new PartitionAssignment(50, 1, 1, 1, List.of(1, 2), 2, replicas), 11));
    step(new PartitionEvent.FollowerSubscribed(FOLLOWER, TOPIC, 1, 0, -1));
    step(new PartitionEvent.FollowerAcked(FOLLOWER, 0));
  }

  @Test
  void acksAllWaitsForTheDisksOfAllInSyncReplicas() {
    assertThat(append(1, Acks.ALL, -1, 0)).containsExactly("write [0,1)@1");
    assertThat(durable(1)).isEmpty();
    assertThat(acked(1)).containsExactly("high-watermark 1", "complete id=1 at=0");
  }

  @Test
  void acksLeaderWaitsForTheLeadersDiskAndAcksNoneForNothing() {
    append(1, Acks.LEADER, -1, 0);
    assertThat(append(2, Acks.NONE, -1, 0)).containsExactly("write [1,2)@1", "complete id=2 at=1");
    assertThat(durable(2)).containsExactly("complete id=1 at=0");
  }

  @Test
  void aBatchSentAgainWaitsAsLongAsItsOriginal() {
    append(1, Acks.ALL, 7, 0);
    append(2, Acks.ALL, 7, 1);
    assertThat(append(3, Acks.ALL, 7, 0)).isEmpty();
    durable(2);
    assertThat(acked(1))
        .containsExactly("high-watermark 1", "complete id=1 at=0", "complete id=3 at=0");
    assertThat(acked(2)).containsExactly("high-watermark 2", "complete id=2 at=1");
    assertThat(append(4, Acks.ALL, 7, 1)).containsExactly("complete id=4 at=1");
  }

  @Test
  void producersAreChecked() {
    append(1, Acks.NONE, 7, 5);
    assertThat(append(2, Acks.ALL, 7, 7))
        .containsExactly("complete id=2 OUT_OF_ORDER_SEQUENCE definite");
    append(3, Acks.NONE, 8, 0);
    assertThat(append(4, Acks.ALL, 9, 0)).containsExactly("complete id=4 OVERLOADED definite");
    assertThat(append(5, Acks.NONE, 7, 6)).containsExactly("write [2,3)@1", "complete id=5 at=2");
  }

  @Test
  void waitingAppendsAreBoundedAndTimeOut() {
    append(1, Acks.ALL, -1, 0);
    append(2, Acks.LEADER, -1, 0);
    append(3, Acks.ALL, -1, 0);
    assertThat(append(4, Acks.ALL, -1, 0)).containsExactly("complete id=4 OVERLOADED definite");
    nowMs += 1_000;
    assertThat(step(new PartitionEvent.Tick()))
        .containsExactly(
            "complete id=1 REQUEST_TIMED_OUT indefinite",
            "complete id=3 REQUEST_TIMED_OUT indefinite",
            "complete id=2 REQUEST_TIMED_OUT indefinite");
  }

  @Test
  void anIdleFollowerDoesNotLag() {
    for (int i = 0; i < 600; i++) {
      nowMs += 100;
      assertThat(step(new PartitionEvent.Tick())).isEmpty();
    }
    append(1, Acks.NONE, -1, 0);
    assertThat(step(new PartitionEvent.Tick())).isEmpty();
  }

  @Test
  void aFollowerThatKeepsUpWithABusyLeaderDoesNotLag() {
    for (int i = 1; i <= 400; i++) {
      nowMs += 100;
      append(i, Acks.NONE, -1, 0);
      // Always one behind.
      acked(i - 1);
      assertThat(step(new PartitionEvent.Tick())).isEmpty();
    }
  }

  @Test
  void aFollowerThatFallsBehindLeaves() {
    append(1, Acks.NONE, -1, 0);
    Stream.Builder<String> effects = Stream.builder();
    for (int i = 0; i < 102; i++) {
      nowMs += 100;
      step(new PartitionEvent.Tick()).forEach(effects);
    }
    assertThat(effects.build()).containsExactly("propose-isr id=1 epoch=1 pepoch=1 isr=1:11");
  }

  @Test
  void aLeaderThatStoodStillDoesNotBlameItsFollowers() {
    append(1, Acks.NONE, -1, 0);
    nowMs += 60_000;
    assertThat(step(new PartitionEvent.Tick())).isEmpty();
  }

  @Test
  void acknowledgementsOfAnEndedSessionCountForNothing() {
    append(1, Acks.ALL, -1, 0);
    durable(1);
    step(new PartitionEvent.FollowerGone(FOLLOWER));
    assertThat(acked(1)).isEmpty();
    assertThat(step(new PartitionEvent.FollowerSubscribed(FOLLOWER, TOPIC, 1, 0, -1))).isEmpty();
  }

  @Test
  void aFollowerBelowTheLogStartIsNotInSync() {
    append(1, Acks.ALL, -1, 0);
    durable(1);
    acked(1);
    assertThat(step(new PartitionEvent.LogStartMoved(1))).containsExactly("log-start 1");
    FollowerSession wiped = new FollowerSession(2, 12, 2);
    assertThat(step(new PartitionEvent.FollowerSubscribed(wiped, TOPIC, 1, 0, -1)))
        .containsExactly("stop-push 2/12/1", "answer 2/12/2 below-log-start start=1");
    assertThat(step(new PartitionEvent.Tick()))
        .containsExactly("propose-isr id=1 epoch=1 pepoch=1 isr=1:11");
  }

  @Test
  void aConditionalAppendIsMadeWhereItExpectsTheLogToEndOrNotAtAll() {
    append(1, Acks.NONE, -1, 0);
    assertThat(appendAt(2, 0, -1, 0)).containsExactly("complete id=2 UNEXPECTED_OFFSET end=1");
    assertThat(appendAt(3, 2, -1, 0)).containsExactly("complete id=3 UNEXPECTED_OFFSET end=1");
    assertThat(appendAt(4, 1, -1, 0)).containsExactly("write [1,2)@1");
    // Pipelined: what follows may count on what is before it.
    assertThat(appendAt(5, 2, -1, 0)).containsExactly("write [2,3)@1");
  }

  @Test
  void aConditionalAppendThatIsSentAgainIsNotMadeTwice() {
    appendAt(1, 0, -1, 0);
    assertThat(appendAt(2, 0, -1, 0)).containsExactly("complete id=2 UNEXPECTED_OFFSET end=1");
    assertThat(durable(1)).isEmpty();
    assertThat(acked(1)).containsExactly("high-watermark 1", "complete id=1 at=0");
    // An idempotent producer is answered as if it were the first time.
    assertThat(appendAt(3, 1, 7, 0)).containsExactly("write [1,2)@1");
    durable(2);
    acked(2);
    assertThat(appendAt(4, 1, 7, 0)).containsExactly("complete id=4 at=1");
    assertThat(appendAt(5, 2, 7, 0)).containsExactly("complete id=5 UNEXPECTED_OFFSET end=2");
  }

  @Test
  void anotherLagTimeHoldsAtOnce() {
    append(1, Acks.ALL, -1, 0);
    durable(1);
    step(new PartitionEvent.LagTimeSet(300));
    nowMs += 100;
    assertThat(step(new PartitionEvent.Tick())).isEmpty();
    for (int i = 0; i < 2; i++) {
      nowMs += 100;
      assertThat(step(new PartitionEvent.Tick())).isEmpty();
    }
    nowMs += 100;
    assertThat(step(new PartitionEvent.Tick()))
        .containsExactly("propose-isr id=1 epoch=1 pepoch=1 isr=1:11");
  }

  private List<String> appendAt(long id, long expectedOffset, long producerId, int sequence) {
    return step(
        new PartitionEvent.Append(
            id, batch(producerId, sequence), Acks.ALL, -1, expectedOffset, nowMs + 1_000));
  }

  private List<String> append(long id, Acks acks, long producerId, int sequence) {
    return step(
        new PartitionEvent.Append(id, batch(producerId, sequence), acks, -1, nowMs + 1_000));
  }

  private static RecordBatch batch(long producerId, int sequence) {
    short epoch = producerId < 0 ? RecordBatch.NO_PRODUCER_EPOCH : 0;
    return TestBatches.batch(
        1, producerId, epoch, producerId < 0 ? RecordBatch.NO_SEQUENCE : sequence);
  }

  private List<String> durable(long to) {
    return step(new PartitionEvent.LocalDurable(to, 0));
  }

  private List<String> acked(long to) {
    return step(new PartitionEvent.FollowerAcked(FOLLOWER, to));
  }

  private List<String> step(PartitionEvent event) {
    return leader.step(event, nowMs).stream().map(StoryText::of).toList();
  }
}
