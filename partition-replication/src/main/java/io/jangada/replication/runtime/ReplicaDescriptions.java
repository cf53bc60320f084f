// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.TopicIdPartition;
import io.jangada.common.Uuids;
import io.jangada.internal.v1.DescribeReplicasRequest;
import io.jangada.internal.v1.DescribeReplicasResponse;
import io.jangada.internal.v1.ReplicaDescription;
import io.jangada.internal.v1.ReplicaRef;
import io.jangada.replication.core.ReadView;
import java.util.Optional;

/** Tells where replicas stand. */
final class ReplicaDescriptions {
  private ReplicaDescriptions() {}

  static DescribeReplicasResponse describe(
      PartitionRegistry partitions, DescribeReplicasRequest request) {
    DescribeReplicasResponse.Builder response = DescribeReplicasResponse.newBuilder();
    for (ReplicaRef ref : request.getReplicasList()) {
      TopicIdPartition id =
          new TopicIdPartition(Uuids.fromBytes(ref.getTopicId()), ref.getPartition());
      response.addReplicas(describe(ref, partitions.find(id)));
    }
    return response.build();
  }

  private static ReplicaDescription describe(ReplicaRef ref, Optional<PartitionHandle> handle) {
    ReplicaDescription.Builder replica =
        ReplicaDescription.newBuilder()
            .setTopicId(ref.getTopicId())
            .setPartition(ref.getPartition())
            .setFound(handle.isPresent());
    if (handle.isPresent()) {
      PartitionStatus status = handle.get().status();
      ReadView view = status.view();
      replica
          .setLeading(view.leading())
          .setLeaderEpoch(view.leaderEpoch())
          .setLogStartOffset(view.logStartOffset())
          .setHighWatermark(view.highWatermark())
          .setLogEndOffset(view.logEndOffset())
          .setHighWatermarkKnown(view.highWatermarkKnown())
          .setDurableEndOffset(status.durableEndOffset());
    }
    return replica.build();
  }
}
