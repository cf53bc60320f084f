// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import java.io.InputStream;
import java.nio.ByteBuffer;
import org.xerial.snappy.SnappyOutputStream;

/**
 * Snappy in xerial's framing: a header of 16 bytes, then blocks with their length in front. Clients
 * that are not written in Java send one bare block instead, which is understood as well. Blocks are
 * taken apart by {@link SnappyBlocks} rather than by xerial's stream, which allocates whatever a
 * block claims to hold.
 */
final class SnappyCodec implements Codec {
  static final SnappyCodec INSTANCE = new SnappyCodec();

  /** What Kafka's producer uses as well. */
  private static final int BLOCK_BYTES = 32 * 1024;

  private SnappyCodec() {}

  @Override
  public ByteBuffer compress(byte[] bytes, int from, int length) {
    return Codec.compressThrough(
        out -> new SnappyOutputStream(out, BLOCK_BYTES), bytes, from, length);
  }

  @Override
  public ByteBuffer decompress(ByteBuffer compressed, int maxBytes) {
    return Codec.decompressThrough(
        in -> new SnappyBlocks(compressed, maxBytes), "snappy", compressed, maxBytes);
  }

  @Override
  public InputStream open(ByteBuffer compressed) {
    return new SnappyBlocks(compressed, Integer.MAX_VALUE);
  }
}
