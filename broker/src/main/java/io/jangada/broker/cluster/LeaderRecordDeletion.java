// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.RecordDeletion;
import io.jangada.common.TopicIdPartition;
import io.jangada.common.Uuids;
import io.jangada.internal.v1.DeleteReplicaRecordsRequest;
import io.jangada.internal.v1.DeleteReplicaRecordsResponse;
import io.jangada.internal.v1.ReplicaRecordDeletion;
import io.jangada.internal.v1.ReplicaRecordDeletionResult;
import io.jangada.internal.v1.ReplicaRef;
import io.jangada.internal.v1.ReplicationServiceGrpc;
import io.jangada.wire.WireErrors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Has each leader delete in all of its partitions, over the port that followers use; this broker is
 * asked like any other. Thread-safe.
 */
final class LeaderRecordDeletion implements RecordDeletion {
  private static final long TIMEOUT_MS = 10_000;

  private final ClusterMetadata metadata;
  private final PeerChannels channels;

  LeaderRecordDeletion(ClusterMetadata metadata, PeerChannels channels) {
    this.metadata = metadata;
    this.channels = channels;
  }

  @Override
  public CompletableFuture<Map<TopicIdPartition, Answer>> delete(
      Map<TopicIdPartition, Long> before) {
    return LeaderCalls.split(
        metadata.image(),
        before.keySet(),
        Failed::new,
        (address, partitions) -> ask(address, partitions, before));
  }

  private CompletableFuture<Map<TopicIdPartition, Answer>> ask(
      String address, List<TopicIdPartition> partitions, Map<TopicIdPartition, Long> before) {
    DeleteReplicaRecordsRequest.Builder request = DeleteReplicaRecordsRequest.newBuilder();
    for (TopicIdPartition partition : partitions) {
      request.addDeletions(
          ReplicaRecordDeletion.newBuilder()
              .setReplica(
                  ReplicaRef.newBuilder()
                      .setTopicId(Uuids.toBytes(partition.topicId()))
                      .setPartition(partition.partition()))
              .setBeforeOffset(before.get(partition)));
    }
    CompletableFuture<DeleteReplicaRecordsResponse> response = new CompletableFuture<>();
    ReplicationServiceGrpc.newStub(channels.to(address))
        .withDeadlineAfter(TIMEOUT_MS, TimeUnit.MILLISECONDS)
        .deleteRecords(request.build(), new LeaderCalls.OnlyAnswer<>(response));
    return response.handle(
        (deleted, failure) -> {
          Map<TopicIdPartition, Answer> answers = new HashMap<>();
          for (int i = 0; i < partitions.size(); i++) {
            answers.put(
                partitions.get(i),
                failure == null
                    ? answer(deleted.getResults(i))
                    : new Failed(WireErrors.fromCall(failure, address, true)));
          }
          return answers;
        });
  }

  private static Answer answer(ReplicaRecordDeletionResult result) {
    return result.hasError()
        ? new Failed(WireErrors.fromWire(result.getError()))
        : new Deleted(result.getLogStartOffset());
  }
}
