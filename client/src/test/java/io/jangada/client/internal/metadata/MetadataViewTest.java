// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jangada.api.v1.BrokerInfo;
import io.jangada.api.v1.LeaderHint;
import io.jangada.api.v1.MetadataSnapshot;
import io.jangada.api.v1.PartitionInfo;
import io.jangada.api.v1.TopicInfo;
import io.jangada.api.v1.TopicRef;
import io.jangada.api.v1.UnknownTopic;
import io.jangada.client.BrokerAddress;
import io.jangada.common.TopicPartition;
import org.junit.jupiter.api.Test;

class MetadataViewTest {
  private static final TopicPartition T0 = new TopicPartition("t", 0);
  private static final ByteString ID = ByteString.copyFromUtf8("0123456789abcdef");
  private static final ByteString OTHER_ID = ByteString.copyFromUtf8("fedcba9876543210");

  @Test
  void theLargerLeaderEpochStandsWhateverItCameFrom() {
    MetadataView view = MetadataView.EMPTY.merge(snapshot(10, ID, 1, 5));
    assertThat(leaderPort(view)).isEqualTo(1);
    assertThat(leaderPort(view.merge(snapshot(9, ID, 2, 4)))).isEqualTo(1);
    assertThat(leaderPort(view.merge(snapshot(9, ID, 2, 6)))).isEqualTo(2);
    assertThat(leaderPort(view.merge(snapshot(11, ID, 2, 4)))).isEqualTo(1);
    assertThat(leaderPort(view.merge(snapshot(11, ID, 2, 6)))).isEqualTo(2);
  }

  @Test
  void aHintIsTakenIfItIsNewer() {
    MetadataView view = MetadataView.EMPTY.merge(snapshot(10, ID, 1, 5));
    assertThat(leaderPort(view.learn(T0, hint(9, 6)))).isEqualTo(9);
    assertThat(view.learn(T0, hint(9, 5))).isEqualTo(view);
    assertThat(view.learn(new TopicPartition("t", 4), hint(9, 6))).isEqualTo(view);
    assertThat(view.learn(new TopicPartition("u", 0), hint(9, 6))).isEqualTo(view);
    assertThat(leaderPort(view.learn(T0, hint(2, 6)).merge(snapshot(11, ID, 1, 5)))).isEqualTo(2);
  }

  @Test
  void aTopicCreatedAgainBeginsAnew() {
    MetadataView view = MetadataView.EMPTY.merge(snapshot(10, ID, 1, 5));
    assertThat(leaderPort(view.merge(snapshot(9, OTHER_ID, 2, 9)))).isEqualTo(1);
    MetadataView again = view.merge(snapshot(11, OTHER_ID, 2, 1));
    assertThat(leaderPort(again)).isEqualTo(2);
    assertThat(again.leader(T0).orElseThrow().topic().getId()).isEqualTo(OTHER_ID);
  }

  @Test
  void aMissingTopicIsMissingUntilSomeoneNewerKnowsIt() {
    MetadataView view = MetadataView.EMPTY.merge(missing(10));
    assertThat(view.missing()).containsKey("t");
    assertThat(view.merge(snapshot(11, ID, 1, 1)).missing()).isEmpty();
    MetadataView known = MetadataView.EMPTY.merge(snapshot(10, ID, 1, 1));
    assertThat(known.merge(missing(9)).topics()).containsKey("t");
    assertThat(known.merge(missing(11)).topics()).isEmpty();
  }

  @Test
  void anOlderAnswerAddsWhatWasNotKnown() {
    MetadataView view =
        MetadataView.EMPTY
            .merge(MetadataSnapshot.newBuilder().setClusterId("c").setIndex(10).build())
            .merge(snapshot(9, ID, 1, 1));
    assertThat(leaderPort(view)).isEqualTo(1);
    assertThat(view.index()).isEqualTo(10);
  }

  @Test
  void anotherClusterBeginsFromNothing() {
    MetadataView view = MetadataView.EMPTY.merge(snapshot(10, ID, 1, 5));
    MetadataSnapshot other = snapshot(3, OTHER_ID, 2, 1).toBuilder().setClusterId("d").build();
    assertThat(leaderPort(view.merge(other))).isEqualTo(2);
  }

  @Test
  void nonsenseIsIgnored() {
    MetadataSnapshot nonsense =
        MetadataSnapshot.newBuilder()
            .setClusterId("c")
            .setIndex(1)
            .addBrokers(BrokerInfo.newBuilder().setId(1).setGrpcAddress("nonsense"))
            .addTopics(
                TopicInfo.newBuilder()
                    .setName("t")
                    .setId(ID)
                    .addPartitions(PartitionInfo.newBuilder().setPartition(77).setLeader(1)))
            .build();
    MetadataView view = MetadataView.EMPTY.merge(nonsense);
    assertThat(view.brokers()).isEmpty();
    assertThat(view.leader(T0)).isEmpty();
    assertThat(view.leader(new TopicPartition("t", -4))).isEmpty();
  }

  private static int leaderPort(MetadataView view) {
    BrokerAddress address = view.leader(T0).orElseThrow().address();
    return address.port();
  }

  private static LeaderHint hint(int broker, int epoch) {
    return LeaderHint.newBuilder()
        .setBrokerId(broker)
        .setAddress("h:" + broker)
        .setLeaderEpoch(epoch)
        .build();
  }

  private static MetadataSnapshot missing(long index) {
    return MetadataSnapshot.newBuilder()
        .setClusterId("c")
        .setIndex(index)
        .addUnknownTopics(UnknownTopic.newBuilder().setTopic(TopicRef.newBuilder().setName("t")))
        .build();
  }

  private static MetadataSnapshot snapshot(long index, ByteString id, int leader, int epoch) {
    return MetadataSnapshot.newBuilder()
        .setClusterId("c")
        .setIndex(index)
        .addBrokers(BrokerInfo.newBuilder().setId(1).setGrpcAddress("h:1"))
        .addBrokers(BrokerInfo.newBuilder().setId(2).setGrpcAddress("h:2"))
        .addTopics(
            TopicInfo.newBuilder()
                .setName("t")
                .setId(id)
                .addPartitions(
                    PartitionInfo.newBuilder()
                        .setPartition(0)
                        .setLeader(leader)
                        .setLeaderEpoch(epoch)))
        .build();
  }
}
