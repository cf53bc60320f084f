// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import io.grpc.stub.StreamObserver;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.ReplicaOffsets;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.common.Uuids;
import io.jangada.internal.v1.DescribeReplicasRequest;
import io.jangada.internal.v1.DescribeReplicasResponse;
import io.jangada.internal.v1.ReplicaDescription;
import io.jangada.internal.v1.ReplicaRef;
import io.jangada.internal.v1.ReplicationServiceGrpc;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.wire.WireErrors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks each leader once for all of its partitions, over the port that followers use; this broker is
 * asked like any other. Thread-safe.
 */
final class LeaderOffsets implements ReplicaOffsets {
  /** A leader that takes longer is reported as not answering. */
  private static final long TIMEOUT_MS = 3_000;

  private final ClusterMetadata metadata;
  private final PeerChannels channels;

  LeaderOffsets(ClusterMetadata metadata, PeerChannels channels) {
    this.metadata = metadata;
    this.channels = channels;
  }

  @Override
  public CompletableFuture<Map<TopicIdPartition, Answer>> describe(
      Collection<TopicIdPartition> partitions) {
    MetadataImage image = metadata.image();
    Map<TopicIdPartition, Answer> answers = new HashMap<>();
    Map<String, List<TopicIdPartition>> byLeader = new TreeMap<>();
    for (TopicIdPartition partition : partitions) {
      BrokerRegistration leader = leaderOf(image, partition);
      if (leader == null) {
        answers.put(partition, new Unknown(leaderless(partition)));
      } else {
        byLeader
            .computeIfAbsent(leader.profile().endpoints().grpc(), each -> new ArrayList<>())
            .add(partition);
      }
    }
    List<CompletableFuture<Map<TopicIdPartition, Answer>>> asked =
        byLeader.entrySet().stream().map(entry -> ask(entry.getKey(), entry.getValue())).toList();
    return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            all -> {
              asked.forEach(each -> answers.putAll(each.join()));
              return answers;
            });
  }

  private CompletableFuture<Map<TopicIdPartition, Answer>> ask(
      String address, List<TopicIdPartition> partitions) {
    DescribeReplicasRequest.Builder request = DescribeReplicasRequest.newBuilder();
    for (TopicIdPartition partition : partitions) {
      request.addReplicas(
          ReplicaRef.newBuilder()
              .setTopicId(Uuids.toBytes(partition.topicId()))
              .setPartition(partition.partition()));
    }
    CompletableFuture<DescribeReplicasResponse> response = new CompletableFuture<>();
    ReplicationServiceGrpc.newStub(channels.to(address))
        .withDeadlineAfter(TIMEOUT_MS, TimeUnit.MILLISECONDS)
        .describeReplicas(request.build(), new FirstAnswer<>(response));
    return response.handle(
        (described, failure) -> {
          Map<TopicIdPartition, Answer> answers = new HashMap<>();
          for (int i = 0; i < partitions.size(); i++) {
            answers.put(
                partitions.get(i),
                failure == null
                    ? answer(partitions.get(i), described.getReplicas(i))
                    : new Unknown(WireErrors.fromCall(failure, address, true)));
          }
          return answers;
        });
  }

  private static Answer answer(TopicIdPartition partition, ReplicaDescription replica) {
    if (!replica.getFound() || !replica.getLeading()) {
      return new Unknown(
          new JangadaException(
              ErrorCode.NOT_LEADER,
              "expected the leader of " + partition + " to know its offsets, but it leads no more",
              "ask again"));
    }
    return new Offsets(
        replica.getLogStartOffset(), replica.getHighWatermark(), replica.getLogEndOffset());
  }

  private static @Nullable BrokerRegistration leaderOf(MetadataImage image, TopicIdPartition id) {
    PartitionRegistration partition = image.partition(id);
    return partition == null || !partition.hasLeader() ? null : image.broker(partition.leader());
  }

  private static JangadaException leaderless(TopicIdPartition partition) {
    return new JangadaException(
        ErrorCode.LEADER_NOT_AVAILABLE,
        "expected " + partition + " to have a leader, but none of its replicas may lead now",
        "start the brokers that hold it");
  }

  /** Completes a future with the one answer of a call. */
  private record FirstAnswer<T>(CompletableFuture<T> answer) implements StreamObserver<T> {
    @Override
    public void onNext(T value) {
      answer.complete(value);
    }

    @Override
    public void onError(Throwable failure) {
      answer.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      // The answer came before.
    }
  }
}
