// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

/**
 * The 32-bit MurmurHash2 with the seed of Kafka's default partitioner, so that a key goes to the
 * same partition whichever client sends it.
 */
public final class Murmur2 {
  private static final int SEED = 0x9747b28c;
  private static final int M = 0x5bd1e995;
  private static final int R = 24;

  private Murmur2() {}

  /** The partition of a key. */
  public static int partition(byte[] key, int partitions) {
    return (hash(key) & Integer.MAX_VALUE) % partitions;
  }

  static int hash(byte[] data) {
    int length = data.length;
    int h = SEED ^ length;
    int whole = length / Integer.BYTES;
    for (int i = 0; i < whole; i++) {
      int at = i * Integer.BYTES;
      int k =
          (data[at] & 0xff)
              | (data[at + 1] & 0xff) << 8
              | (data[at + 2] & 0xff) << 16
              | (data[at + 3] & 0xff) << 24;
      k *= M;
      k ^= k >>> R;
      k *= M;
      h *= M;
      h ^= k;
    }
    int rest = whole * Integer.BYTES;
    int left = length - rest;
    if (left >= 3) {
      h ^= (data[rest + 2] & 0xff) << 16;
    }
    if (left >= 2) {
      h ^= (data[rest + 1] & 0xff) << 8;
    }
    if (left >= 1) {
      h ^= data[rest] & 0xff;
      h *= M;
    }
    h ^= h >>> 13;
    h *= M;
    h ^= h >>> 15;
    return h;
  }
}
