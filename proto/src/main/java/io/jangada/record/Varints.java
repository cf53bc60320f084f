// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import io.jangada.common.JangadaException;
import java.nio.ByteBuffer;

/**
 * Variable-length integers as the record format has them: zigzag, seven bits a byte, the lowest
 * first (protobuf's sint32 and sint64).
 */
final class Varints {
  private static final int MAX_INT_BYTES = 5;
  private static final int MAX_LONG_BYTES = 10;

  private Varints() {}

  /** Bytes that {@link #writeInt} needs. */
  static int sizeOfInt(int value) {
    int zigzag = (value << 1) ^ (value >> 31);
    return (38 - Integer.numberOfLeadingZeros(zigzag | 1)) / 7;
  }

  /** Bytes that {@link #writeLong} needs. */
  static int sizeOfLong(long value) {
    long zigzag = (value << 1) ^ (value >> 63);
    return (70 - Long.numberOfLeadingZeros(zigzag | 1)) / 7;
  }

  /** Writes at the buffer's position. */
  static void writeInt(int value, ByteBuffer to) {
    int rest = (value << 1) ^ (value >> 31);
    while ((rest & ~0x7f) != 0) {
      to.put((byte) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    to.put((byte) rest);
  }

  /** Writes at the buffer's position. */
  static void writeLong(long value, ByteBuffer to) {
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7fL) != 0) {
      to.put((byte) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    to.put((byte) rest);
  }

  /**
   * Reads at the buffer's position.
   *
   * @throws JangadaException CORRUPT_MESSAGE if the number does not end in time
   */
  static int readInt(ByteBuffer from) {
    int zigzag = 0;
    for (int i = 0; i < MAX_INT_BYTES; i++) {
      byte next = nextByte(from);
      zigzag |= (next & 0x7f) << (7 * i);
      if (next >= 0) {
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
    }
    throw Corruption.of("a varint of at most " + MAX_INT_BYTES + " bytes", "it is longer");
  }

  /**
   * Reads at the buffer's position.
   *
   * @throws JangadaException CORRUPT_MESSAGE if the number does not end in time
   */
  static long readLong(ByteBuffer from) {
    long zigzag = 0;
    for (int i = 0; i < MAX_LONG_BYTES; i++) {
      byte next = nextByte(from);
      zigzag |= (next & 0x7fL) << (7 * i);
      if (next >= 0) {
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
    }
    throw Corruption.of("a varlong of at most " + MAX_LONG_BYTES + " bytes", "it is longer");
  }

  private static byte nextByte(ByteBuffer from) {
    if (!from.hasRemaining()) {
      throw Corruption.of("the rest of a number", "the records end");
    }
    return from.get();
  }
}
