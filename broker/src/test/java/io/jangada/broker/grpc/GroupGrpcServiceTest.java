// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.v1.CommitOffsetsRequest;
import io.jangada.api.v1.CommitOffsetsResponse;
import io.jangada.api.v1.FetchOffsetsRequest;
import io.jangada.api.v1.FetchOffsetsResponse;
import io.jangada.api.v1.GroupHeartbeatRequest;
import io.jangada.api.v1.GroupHeartbeatResponse;
import io.jangada.api.v1.GroupMember;
import io.jangada.api.v1.GroupOffset;
import io.jangada.api.v1.GroupServiceGrpc;
import io.jangada.api.v1.GroupServiceGrpc.GroupServiceBlockingStub;
import io.jangada.api.v1.GroupSubscription;
import io.jangada.api.v1.PartitionsOfTopic;
import io.jangada.api.v1.TopicPartitions;
import io.jangada.api.v1.TopicRef;
import io.jangada.broker.forward.ForwardingMetrics;
import io.jangada.broker.forward.GroupForwarder;
import io.jangada.broker.service.NotCoordinatorException;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.groups.GroupService;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A broker that coordinates every group, and one that coordinates none. */
@Timeout(30)
class GroupGrpcServiceTest {
  private static final int COORDINATOR = 2;

  private final Groups groups = new Groups();
  private final CollectorRegistry metrics = new CollectorRegistry();
  private final ForwardingMetrics forwarding = new ForwardingMetrics(metrics);
  private InProcessFrontDoor coordinator;
  private InProcessFrontDoor other;

  @BeforeEach
  void open() throws IOException {
    Groups none = new Groups();
    none.refusal = new NotCoordinatorException("g", 1, COORDINATOR, "b2:7400");
    coordinator = new InProcessFrontDoor(service(groups));
    other = new InProcessFrontDoor(service(none));
  }

  private GroupGrpcService service(GroupService served) {
    return new GroupGrpcService(
        new ImageController(),
        served,
        new GroupForwarder(
            id -> id == COORDINATOR ? Optional.of(coordinator.channel()) : Optional.empty(),
            forwarding));
  }

  @AfterEach
  void close() {
    other.close();
    coordinator.close();
  }

  @Test
  void whatAMemberSaysIsHeardAndWhatItIsToldComesBack() {
    GroupHeartbeatResponse joined =
        stub(coordinator)
            .heartbeat(
                GroupHeartbeatRequest.newBuilder()
                    .setMember(member(0))
                    .setClientId("c")
                    .setRebalanceTimeoutMs(300)
                    .setSubscription(GroupSubscription.newBuilder().addTopics("t"))
                    .setOwned(TopicPartitions.getDefaultInstance())
                    .build());
    assertThat(joined.hasError()).isFalse();
    assertThat(joined.getMemberEpoch()).isEqualTo(1);
    assertThat(joined.getHeartbeatIntervalMs()).isEqualTo(5000);
    assertThat(joined.hasAssignment()).isTrue();
    assertThat(joined.hasCoordinator()).isFalse();
    GroupHeartbeatResponse lives =
        stub(coordinator)
            .heartbeat(GroupHeartbeatRequest.newBuilder().setMember(member(1)).build());
    assertThat(lives.hasAssignment()).isFalse();
    GroupService.MemberHeartbeat first = groups.heartbeats.get(0);
    assertThat(first.rebalanceTimeoutMs()).isEqualTo(300);
    assertThat(first.subscription()).isEqualTo(new GroupService.Subscription(List.of("t"), ""));
    assertThat(first.owned()).isEmpty();
    GroupService.MemberHeartbeat second = groups.heartbeats.get(1);
    assertThat(second.rebalanceTimeoutMs()).isNull();
    assertThat(second.subscription()).isNull();
    assertThat(second.owned()).isNull();
  }

  @Test
  void anyBrokerPassesOnAndSaysToWhom() {
    CommitOffsetsResponse committed =
        stub(other).commitOffsets(commit("t", 3, 7).setForward(true).build());
    assertThat(committed.hasError()).isFalse();
    assertThat(committed.getResults(0).hasError()).isFalse();
    assertThat(committed.getCoordinator().getBrokerId()).isEqualTo(COORDINATOR);
    FetchOffsetsResponse fetched =
        stub(other)
            .fetchOffsets(
                FetchOffsetsRequest.newBuilder()
                    .setMember(member(1))
                    .setPartitions(
                        TopicPartitions.newBuilder()
                            .addTopics(
                                PartitionsOfTopic.newBuilder()
                                    .setTopic(TopicRef.newBuilder().setName("gone"))
                                    .addPartitions(3)))
                    .setForward(true)
                    .build());
    assertThat(fetched.getOffsets(0).getOffset()).isEqualTo(-1);
    assertThat(
            metrics.getSampleValue(
                "jangada_forwarded_total", new String[] {"kind"}, new String[] {"groups"}))
        .isEqualTo(2);
  }

  @Test
  void withoutTheFlagTheClientHearsWhoCoordinates() {
    CommitOffsetsResponse refused = stub(other).commitOffsets(commit("t", 3, 7).build());
    assertThat(refused.getError().getCode()).isEqualTo("NOT_COORDINATOR");
    assertThat(refused.getError().getLeader().getAddress()).isEqualTo("b2:7400");
    assertThat(groups.committed).isEmpty();
  }

  @Test
  void theCoordinatorsRefusalIsPassedBackAndNothingGoesInCircles() {
    groups.refusal = new NotCoordinatorException("g", COORDINATOR, 3, "b3:7400");
    CommitOffsetsResponse refused =
        stub(other).commitOffsets(commit("t", 3, 7).setForward(true).build());
    assertThat(refused.getError().getLeader().getBrokerId()).isEqualTo(3);
    groups.refusal = new JangadaException(ErrorCode.STALE_MEMBER_EPOCH, "expected 2, but got 1");
    assertThat(
            stub(other)
                .commitOffsets(commit("t", 3, 7).setForward(true).build())
                .getError()
                .getCode())
        .isEqualTo("STALE_MEMBER_EPOCH");
  }

  @Test
  void whatCannotBeReachedOrMeantIsSaid() {
    coordinator.close();
    CommitOffsetsResponse lost =
        stub(other).commitOffsets(commit("t", 3, 7).setForward(true).build());
    assertThat(lost.getError().getRetriable()).isTrue();
    assertThat(lost.getError().getDefinite()).isFalse();
    assertThat(stub(other).commitOffsets(commit("t", 3, -7).build()).getError().getCode())
        .isEqualTo("INVALID_REQUEST");
    assertThat(stub(other).commitOffsets(commit("", 3, 7).build()).getError().getCode())
        .isEqualTo("INVALID_REQUEST");
  }

  private static GroupServiceBlockingStub stub(InProcessFrontDoor door) {
    return GroupServiceGrpc.newBlockingStub(door.channel());
  }

  private static GroupMember member(int epoch) {
    return GroupMember.newBuilder().setGroupId("g").setMemberId("m").setMemberEpoch(epoch).build();
  }

  private static CommitOffsetsRequest.Builder commit(String topic, int partition, long offset) {
    return CommitOffsetsRequest.newBuilder()
        .setMember(member(1))
        .addOffsets(
            GroupOffset.newBuilder()
                .setTopic(TopicRef.newBuilder().setName(topic))
                .setPartition(partition)
                .setOffset(offset));
  }

  /** Remembers what it hears. */
  private static final class Groups implements GroupService {
    final List<MemberHeartbeat> heartbeats = new ArrayList<>();
    final Map<NamedPartition, GroupService.GroupOffset> committed = new HashMap<>();
    @Nullable JangadaException refusal;

    @Override
    public CompletableFuture<Membership> heartbeat(Caller caller, MemberHeartbeat heartbeat) {
      heartbeats.add(heartbeat);
      return answer(new Membership(1, 5000, heartbeat.owned() == null ? null : Set.of()));
    }

    @Override
    public CompletableFuture<Map<NamedPartition, JangadaException>> commit(
        Caller caller, GroupService.GroupMember member, List<GroupService.GroupOffset> offsets) {
      if (refusal == null) {
        offsets.forEach(each -> committed.put(each.partition(), each));
      }
      return answer(Map.of());
    }

    @Override
    public CompletableFuture<List<GroupService.GroupOffset>> committed(
        Caller caller, GroupService.GroupMember member, @Nullable List<NamedPartition> partitions) {
      return answer(List.copyOf(committed.values()));
    }

    private <T> CompletableFuture<T> answer(T value) {
      return refusal == null
          ? CompletableFuture.completedFuture(value)
          : CompletableFuture.failedFuture(refusal);
    }
  }
}
