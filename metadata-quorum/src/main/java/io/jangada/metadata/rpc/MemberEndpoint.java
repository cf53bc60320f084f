// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.jangada.common.JangadaException;
import io.jangada.metadata.membership.QuorumChange;
import io.jangada.metadata.publish.DeltaPublisher;
import io.jangada.metadata.publish.DeltaSink;
import io.jangada.metadata.ratis.LogView;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A member of the quorum as the service sees it, controller or not. Thread-safe. */
public interface MemberEndpoint {
  /** The cluster; calls that name another one are refused. */
  UUID clusterId();

  /** This node's id. */
  int nodeId();

  /** The identity of this node's metadata disk. */
  UUID directoryId();

  /** Whether another member with an empty log may vote; see MembershipRecord. May write a file. */
  Optional<JangadaException> admit(int nodeId, UUID directoryId, boolean announces);

  /**
   * Subscribes to the changes after an index. Fails with UNAVAILABLE before the log runs.
   *
   * @param history the one that the index is of, if the subscriber knows any: indexes of two
   *     histories have nothing to do with each other
   */
  DeltaPublisher.Handle subscribe(long fromIndex, Optional<UUID> history, DeltaSink sink);

  /** The quorum as this member sees it; empty before the log runs. */
  Optional<LogView> view();

  /** The epoch of the controller this member knows; 0 before the first. */
  long controllerEpoch();

  /** The feature level in force. */
  int featureLevel();

  /** Changes the quorum itself, if this member leads it; see QuorumChange. */
  CompletableFuture<QuorumChange.Done> alter(QuorumChange change, boolean validateOnly);

  /** Whether this node waits to be added to the quorum. */
  boolean waiting();

  /** The identity of a member's disk, as far as it is known, in text. */
  String directoryId(LogView.MemberView voter);

  /** The gRPC address of a member, empty if it is unknown. */
  String grpcAddress(int nodeId);
}
