// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.transport;

import io.jangada.internal.v1.LeaderMessage;
import io.jangada.internal.v1.Section;
import io.jangada.internal.v1.SubscribeReply;
import io.jangada.replication.log.LogSlice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A frame being filled. Not thread-safe. */
final class FrameBuilder {
  /** Keeps the message under 1 MiB whatever is in it. */
  private static final int MAX_ITEMS = 4_096;

  private final LeaderMessage.Builder head = LeaderMessage.newBuilder();
  private final List<ByteBuffer> batches = new ArrayList<>();
  private int batchBytes;

  boolean isEmpty() {
    return head.getSectionsCount() == 0 && head.getRepliesCount() == 0;
  }

  /** Whether no reply or section may be added any more. */
  boolean isFull() {
    return head.getSectionsCount() + head.getRepliesCount() >= MAX_ITEMS;
  }

  boolean hasBatches() {
    return batchBytes > 0;
  }

  int batchBytes() {
    return batchBytes;
  }

  int roomBytes() {
    return ReplicateMethod.FRAME_BYTES - batchBytes;
  }

  void add(SubscribeReply reply) {
    head.addReplies(reply);
  }

  void add(Section section, Optional<LogSlice> slice) {
    head.addSections(section);
    if (slice.isPresent()) {
      batches.addAll(slice.get().buffers());
      batchBytes += slice.get().sizeBytes();
    }
  }

  void add(Section section, ByteBuffer part) {
    head.addSections(section);
    batches.add(part);
    batchBytes += part.remaining();
  }

  LeaderFrame build() {
    return new LeaderFrame(head.build(), batches, batchBytes);
  }
}
