// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

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
import io.jangada.wire.WireErrors;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

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
    return LeaderCalls.split(metadata.image(), partitions, Unknown::new, this::ask);
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
        .describeReplicas(request.build(), new LeaderCalls.OnlyAnswer<>(response));
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
}
