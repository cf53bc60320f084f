// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.jangada.broker.service.PartitionRef;
import io.jangada.broker.service.TopicRef;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.Uuids;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Topic and partition references from the wire. */
final class WireRefs {
  private WireRefs() {}

  /**
   * The topic that a message refers to.
   *
   * @throws JangadaException {@link ErrorCode#INVALID_REQUEST} if neither name nor id is given
   */
  static TopicRef topic(io.jangada.api.v1.TopicRef ref) {
    UUID id = idOf(ref);
    if (id == null && ref.getName().isEmpty()) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST, "expected a topic name or id, but both are missing");
    }
    return new TopicRef(ref.getName(), id);
  }

  /** The partition that a message refers to; errors as {@link #topic}. */
  static PartitionRef partition(io.jangada.api.v1.TopicRef ref, int partition) {
    TopicRef topic = topic(ref);
    return new PartitionRef(topic.name(), topic.id(), partition);
  }

  private static @Nullable UUID idOf(io.jangada.api.v1.TopicRef ref) {
    return ref.getId().isEmpty() ? null : Uuids.fromBytes(ref.getId());
  }
}
