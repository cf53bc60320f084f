// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.transport;

import io.grpc.MethodDescriptor;
import io.jangada.internal.v1.FollowerMessage;
import io.jangada.internal.v1.ReplicationServiceGrpc;

/** The Replicate method with the marshaller that does not copy batches. */
final class ReplicateMethod {
  /** Batch bytes in a message, unless one batch's first chunk alone is all there is. */
  static final int FRAME_BYTES = 480 << 10;

  /** How much may wait in the network layer before a stream counts as not ready. */
  static final int READY_THRESHOLD_BYTES = 1 << 20;

  static final MethodDescriptor<FollowerMessage, LeaderFrame> DESCRIPTOR =
      ReplicationServiceGrpc.getReplicateMethod().toBuilder(
              ReplicationServiceGrpc.getReplicateMethod().getRequestMarshaller(),
              new LeaderFrameMarshaller())
          .build();

  private ReplicateMethod() {}
}
