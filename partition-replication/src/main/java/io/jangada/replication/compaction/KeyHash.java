// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.compaction;

import java.nio.ByteBuffer;

/**
 * SipHash-2-4 with 128 bits (Aumasson and Bernstein, 2012): by a secret of each pass, so that
 * nobody can make two keys that the pass would take for one. Not thread-safe: the result lies in
 * the object.
 */
final class KeyHash {
  private static final long WIDE_INIT = 0xee;
  private static final long WIDE_FINAL = 0xdd;
  private static final int BLOCK_BYTES = 8;
  private static final int FINAL_ROUNDS = 4;
  private static final int LENGTH_SHIFT = 56;

  private final long secret0;
  private final long secret1;
  private long v0;
  private long v1;
  private long v2;
  private long v3;
  private long first;
  private long second;

  /** A function of that secret. */
  KeyHash(long secret0, long secret1) {
    this.secret0 = secret0;
    this.secret1 = secret1;
  }

  /** Hashes a part of a buffer, which is big-endian. */
  void hash(ByteBuffer bytes, int at, int length) {
    v0 = secret0 ^ 0x736f6d6570736575L;
    v1 = secret1 ^ 0x646f72616e646f6dL ^ WIDE_INIT;
    v2 = secret0 ^ 0x6c7967656e657261L;
    v3 = secret1 ^ 0x7465646279746573L;
    int whole = length & -BLOCK_BYTES;
    for (int i = 0; i < whole; i += BLOCK_BYTES) {
      block(Long.reverseBytes(bytes.getLong(at + i)));
    }
    long last = (long) length << LENGTH_SHIFT;
    for (int i = whole; i < length; i++) {
      last |= (bytes.get(at + i) & 0xffL) << (Byte.SIZE * (i - whole));
    }
    block(last);
    v2 ^= WIDE_INIT;
    finish();
    first = v0 ^ v1 ^ v2 ^ v3;
    v1 ^= WIDE_FINAL;
    finish();
    second = v0 ^ v1 ^ v2 ^ v3;
  }

  /** The lower half of the last hash. */
  long first() {
    return first;
  }

  /** The upper half of the last hash. */
  long second() {
    return second;
  }

  private void block(long message) {
    v3 ^= message;
    round();
    round();
    v0 ^= message;
  }

  private void finish() {
    for (int i = 0; i < FINAL_ROUNDS; i++) {
      round();
    }
  }

  private void round() {
    v0 += v1;
    v2 += v3;
    v1 = Long.rotateLeft(v1, 13);
    v3 = Long.rotateLeft(v3, 16);
    v1 ^= v0;
    v3 ^= v2;
    v0 = Long.rotateLeft(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = Long.rotateLeft(v1, 17);
    v3 = Long.rotateLeft(v3, 21);
    v1 ^= v2;
    v3 ^= v0;
    v2 = Long.rotateLeft(v2, 32);
  }
}
