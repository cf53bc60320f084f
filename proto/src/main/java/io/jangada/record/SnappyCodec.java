// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import io.jangada.common.JangadaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyOutputStream;

/**
 * Snappy in xerial's framing: a header of 16 bytes, then blocks with their length in front. Clients
 * that are not written in Java send one bare block instead, which is understood as well. Blocks are
 * taken apart here rather than by xerial's stream, which allocates whatever a block claims to hold.
 */
final class SnappyCodec implements Codec {
  static final SnappyCodec INSTANCE = new SnappyCodec();

  private static final byte[] MAGIC = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};
  private static final int FRAME_HEADER_BYTES = 16;

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
    byte[] in = new byte[compressed.remaining()];
    compressed.get(compressed.position(), in);
    GrowingSink sink = new GrowingSink((int) Math.min(maxBytes, 4L * in.length + 64), maxBytes);
    try {
      if (hasFrameHeader(in, 0)) {
        decompressBlocks(in, maxBytes, sink);
      } else {
        decompressBlock(in, 0, in.length, maxBytes, sink);
      }
    } catch (JangadaException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw Corruption.of("snappy data", "it cannot be decompressed: " + e.getMessage(), e);
    }
    return sink.written();
  }

  private static void decompressBlocks(byte[] in, int maxBytes, GrowingSink sink)
      throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(in);
    while (rest.hasRemaining()) {
      // Streams may have been concatenated: a header can stand wherever a block can.
      if (hasFrameHeader(in, rest.position())) {
        rest.position(rest.position() + FRAME_HEADER_BYTES);
        continue;
      }
      if (rest.remaining() < Integer.BYTES) {
        throw Corruption.of("the length of a snappy block", "the records end");
      }
      int length = rest.getInt();
      if (length < 0 || length > rest.remaining()) {
        throw Corruption.of(
            "a snappy block of at most " + rest.remaining() + " bytes", "its length is " + length);
      }
      decompressBlock(in, rest.position(), length, maxBytes, sink);
      rest.position(rest.position() + length);
    }
  }

  private static void decompressBlock(
      byte[] in, int from, int length, int maxBytes, GrowingSink sink) throws IOException {
    int claimed = Snappy.uncompressedLength(in, from, length);
    if (claimed < 0 || claimed > maxBytes - sink.size()) {
      throw Corruption.of(
          "at most " + maxBytes + " bytes after decompression",
          "a snappy block alone has " + Integer.toUnsignedString(claimed));
    }
    byte[] block = new byte[claimed];
    int written = Snappy.uncompress(in, from, length, block, 0);
    sink.write(block, 0, written);
  }

  private static boolean hasFrameHeader(byte[] in, int at) {
    if (in.length - at < FRAME_HEADER_BYTES) {
      return false;
    }
    for (int i = 0; i < MAGIC.length; i++) {
      if (in[at + i] != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }
}
