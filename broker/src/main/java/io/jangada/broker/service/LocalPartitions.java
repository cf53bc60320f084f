// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.replication.runtime.PartitionHandle;
import io.jangada.replication.runtime.PartitionRegistry;

/**
 * Finds the replica that a client refers to, and tells refusals of replicas so that a client knows
 * where to turn. Thread-safe.
 */
final class LocalPartitions {
  private final int brokerId;
  private final ClusterMetadata metadata;
  private final PartitionRegistry registry;

  LocalPartitions(int brokerId, ClusterMetadata metadata, PartitionRegistry registry) {
    this.brokerId = brokerId;
    this.metadata = metadata;
    this.registry = registry;
  }

  /**
   * The replica here.
   *
   * @throws JangadaException UNKNOWN_TOPIC, UNKNOWN_PARTITION, NOT_LEADER or LEADER_NOT_AVAILABLE
   */
  PartitionHandle find(PartitionRef ref) {
    MetadataImage image = metadata.image();
    TopicIdPartition id = TopicLookup.partition(image, ref);
    return registry
        .find(id)
        .orElseThrow(() -> refusal(ref, ErrorCode.NOT_LEADER, "no replica is here"));
  }

  /** What a client is told when the replica refuses: where there is another leader, who it is. */
  JangadaException refusal(PartitionRef ref, ErrorCode code, String message) {
    return refusal(ref, code, message, code.definite());
  }

  /** As {@link #refusal(PartitionRef, ErrorCode, String)}, for appends that may have happened. */
  JangadaException refusal(PartitionRef ref, ErrorCode code, String message, boolean definite) {
    if (code != ErrorCode.NOT_LEADER || !definite) {
      return new JangadaException(code, message, "", definite, null);
    }
    MetadataImage image = metadata.image();
    PartitionRegistration partition = image.partition(TopicLookup.partition(image, ref));
    if (partition == null || !partition.hasLeader()) {
      return new JangadaException(
          ErrorCode.LEADER_NOT_AVAILABLE,
          "expected " + ref + " to have a leader, but none of its in-sync replicas is in service",
          "start the brokers that hold it; jangada topic describe shows which");
    }
    BrokerRegistration leader = image.broker(partition.leader());
    if (leader == null || partition.leader() == brokerId) {
      // The metadata is ahead of the replica or behind it; either catches up within moments.
      return new JangadaException(code, message, "refresh the metadata and try again");
    }
    return new NotLeaderException(
        ref.toString(),
        brokerId,
        partition.leader(),
        leader.profile().endpoints().grpc(),
        partition.leaderEpoch());
  }
}
