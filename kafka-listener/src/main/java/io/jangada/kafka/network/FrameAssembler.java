// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.network;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/**
 * Puts requests together from what the socket brings. A request lies in one array of the heap,
 * which its record batches then share until nobody reads them any more. Memory is taken as it
 * comes, not as it is announced: whoever announces much and sends little takes little. Belongs to
 * one connection's thread.
 */
final class FrameAssembler {
  private static final int FIRST_BYTES = 256 * 1024;
  private static final int GROWTH = 4;

  /** Taken without asking, so that small requests are answered however full it is. */
  private static final int SMALL_BYTES = 4 * 1024;

  private final MemoryBudget budget;
  private final int maxBytes;
  private final Runnable whenRoom;

  private final byte[] length = new byte[Integer.BYTES];
  private int lengthRead;
  private int frameBytes;
  private byte @Nullable [] frame;
  private int frameRead;
  private int taken;

  /**
   * For one connection.
   *
   * @param whenRoom called on any thread when it is worth feeding again
   */
  FrameAssembler(MemoryBudget budget, int maxBytes, Runnable whenRoom) {
    this.budget = budget;
    this.maxBytes = maxBytes;
    this.whenRoom = whenRoom;
  }

  /** Whether a request was begun and is not whole. */
  boolean begun() {
    return lengthRead > 0;
  }

  /** What came of feeding. */
  enum Fed {
    /** All was taken in. */
    MORE_IS_NEEDED,
    /** A request is whole: {@link #take}. */
    WHOLE,
    /** There is no room now. */
    NO_ROOM
  }

  /**
   * Takes in bytes up to the end of a request.
   *
   * @throws InvalidRequestException if the announced length cannot be
   */
  Fed feed(ByteBuf in) {
    while (lengthRead < length.length) {
      if (!in.isReadable()) {
        return Fed.MORE_IS_NEEDED;
      }
      length[lengthRead++] = in.readByte();
      if (lengthRead == length.length) {
        frameBytes = ByteBuffer.wrap(length).getInt();
        if (frameBytes < 0 || frameBytes > maxBytes) {
          throw new InvalidRequestException(
              "expected a request of at most " + maxBytes + " bytes, but it says " + frameBytes);
        }
      }
    }
    while (frameRead < frameBytes) {
      byte[] room = frame;
      if (room == null || frameRead == room.length) {
        room = grown(room);
        if (room == null) {
          return Fed.NO_ROOM;
        }
        frame = room;
      }
      int part = Math.min(in.readableBytes(), room.length - frameRead);
      if (part == 0) {
        return Fed.MORE_IS_NEEDED;
      }
      in.readBytes(room, frameRead, part);
      frameRead += part;
    }
    return Fed.WHOLE;
  }

  /** A larger array with the same content, or null if there is no room for it. */
  private byte @Nullable [] grown(byte @Nullable [] now) {
    int have = now == null ? 0 : now.length;
    int want = (int) Math.min(frameBytes, Math.max(FIRST_BYTES, (long) have * GROWTH));
    int more = want - have;
    if (want <= SMALL_BYTES) {
      budget.force(more);
    } else if (!budget.take(more, whenRoom)) {
      return null;
    }
    taken += more;
    return now == null ? new byte[want] : Arrays.copyOf(now, want);
  }

  /** The whole request; the bytes that it took of the budget are the caller's to release. */
  ByteBuffer take() {
    byte[] whole = frame;
    lengthRead = 0;
    frame = null;
    frameRead = 0;
    taken = 0;
    return whole == null ? ByteBuffer.allocate(0) : ByteBuffer.wrap(whole, 0, frameBytes);
  }

  /** Forgets what was begun. */
  void close() {
    budget.release(taken);
    taken = 0;
    frame = null;
  }
}
