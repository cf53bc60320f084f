// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import io.jangada.common.ErrorCode;
import java.util.List;

/** A replica that neither leads nor follows: refuses what it is asked, drops what it is told. */
final class OfflineReplica implements ReplicaRole {
  private final ReplicaLog log;
  private final int leaderEpoch;
  private final ErrorCode code;

  /** A replica that answers appends with the code. */
  OfflineReplica(ReplicaLog log, int leaderEpoch, ErrorCode code) {
    this.log = log;
    this.leaderEpoch = leaderEpoch;
    this.code = code;
  }

  @Override
  public Kind kind() {
    return Kind.OFFLINE;
  }

  @Override
  public int leaderEpoch() {
    return leaderEpoch;
  }

  @Override
  public void step(PartitionEvent event, long nowMs, List<PartitionEffect> out) {
    switch (event) {
      case PartitionEvent.ForLeader request -> NotLeading.refuse(request, leaderEpoch, code, out);
      case PartitionEvent.LocalDurable durable ->
          log.durable(durable.endOffset(), durable.generation());
      case PartitionEvent.ForReplica ignored -> {}
      case PartitionEvent.ForFollower ignored -> {}
    }
  }
}
