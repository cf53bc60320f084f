// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.directory;

import io.jangada.replication.core.ProducerStates;
import java.nio.ByteBuffer;

/** The producers of a log as they lie in a checkpoint: batch after batch, each of fixed length. */
public final class ProducerSnapshot {
  private static final int BATCH_BYTES = 34;

  private ProducerSnapshot() {}

  /** The snapshot; empty if there are no producers. */
  public static ByteBuffer encode(ProducerStates producers) {
    int[] count = {0};
    producers.forEach((id, epoch, first, last, base, end) -> count[0]++);
    ByteBuffer buffer = ByteBuffer.allocate(count[0] * BATCH_BYTES);
    producers.forEach(
        (id, epoch, first, last, base, end) -> {
          buffer.putLong(id).putShort(epoch).putInt(first).putInt(last);
          buffer.putLong(base).putLong(end);
        });
    return buffer.flip();
  }

  /**
   * The producers again.
   *
   * @param nowMs since when they count as used
   */
  static ProducerStates decode(ByteBuffer snapshot, long nowMs) {
    ProducerStates producers = new ProducerStates();
    ByteBuffer rest = snapshot.duplicate();
    while (rest.remaining() >= BATCH_BYTES) {
      producers.restore(
          rest.getLong(),
          rest.getShort(),
          rest.getInt(),
          rest.getInt(),
          rest.getLong(),
          rest.getLong(),
          // Any of it may still be truncated.
          0,
          nowMs);
    }
    return producers;
  }
}
