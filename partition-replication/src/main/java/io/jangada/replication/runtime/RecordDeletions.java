// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.common.Uuids;
import io.jangada.internal.v1.DeleteReplicaRecordsRequest;
import io.jangada.internal.v1.DeleteReplicaRecordsResponse;
import io.jangada.internal.v1.ReplicaRecordDeletion;
import io.jangada.internal.v1.ReplicaRecordDeletionResult;
import io.jangada.wire.WireErrors;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Deletes what a broker that was asked by a client has us delete. */
final class RecordDeletions {
  private RecordDeletions() {}

  static CompletableFuture<DeleteReplicaRecordsResponse> delete(
      PartitionRegistry partitions, DeleteReplicaRecordsRequest request) {
    List<CompletableFuture<ReplicaRecordDeletionResult>> results =
        request.getDeletionsList().stream().map(each -> delete(partitions, each)).toList();
    return CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            all -> {
              DeleteReplicaRecordsResponse.Builder response =
                  DeleteReplicaRecordsResponse.newBuilder();
              results.forEach(each -> response.addResults(each.join()));
              return response.build();
            });
  }

  private static CompletableFuture<ReplicaRecordDeletionResult> delete(
      PartitionRegistry partitions, ReplicaRecordDeletion deletion) {
    TopicIdPartition id =
        new TopicIdPartition(
            Uuids.fromBytes(deletion.getReplica().getTopicId()),
            deletion.getReplica().getPartition());
    Optional<PartitionHandle> handle = partitions.find(id);
    return handle.isEmpty()
        ? CompletableFuture.completedFuture(
            failed(ErrorCode.NOT_LEADER, "expected a replica of " + id + ", but none is here"))
        : handle.get().deleteRecords(deletion.getBeforeOffset()).thenApply(RecordDeletions::toWire);
  }

  private static ReplicaRecordDeletionResult toWire(DeleteRecordsResult result) {
    return switch (result) {
      case DeleteRecordsResult.Deleted(long logStartOffset) ->
          ReplicaRecordDeletionResult.newBuilder().setLogStartOffset(logStartOffset).build();
      case DeleteRecordsResult.Failed(ErrorCode code, String message) -> failed(code, message);
    };
  }

  private static ReplicaRecordDeletionResult failed(ErrorCode code, String message) {
    return ReplicaRecordDeletionResult.newBuilder()
        .setError(WireErrors.toWire(new JangadaException(code, message)))
        .build();
  }
}
