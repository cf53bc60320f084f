// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.xerial.snappy.Snappy;

/**
 * What snappy's blocks become, one after the other: a block is decompressed when all before it has
 * been read. Blocks stand in xerial's framing; without it there is one bare block.
 */
final class SnappyBlocks extends InputStream {
  private static final byte[] MAGIC = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};
  private static final int FRAME_HEADER_BYTES = 16;

  /** Three bytes become 64 at most: a block that says more is damaged. */
  private static final long MAX_RATIO = 22;

  private final byte[] in;
  private final int maxBytes;
  private final boolean framed;
  private int next;
  private ByteBuffer block = ByteBuffer.allocate(0);

  /**
   * Nothing is decompressed yet.
   *
   * @param maxBytes what a block may become
   */
  SnappyBlocks(ByteBuffer compressed, int maxBytes) {
    this.in = new byte[compressed.remaining()];
    compressed.get(compressed.position(), in);
    this.maxBytes = maxBytes;
    this.framed = hasFrameHeader(0);
  }

  @Override
  public int read() throws IOException {
    return advance() ? block.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!advance()) {
      return -1;
    }
    int part = Math.min(length, block.remaining());
    block.get(to, offset, part);
    return part;
  }

  /** Returns whether there is more to read. */
  private boolean advance() throws IOException {
    while (!block.hasRemaining() && next < in.length) {
      // Streams may have been concatenated: a header can stand wherever a block can.
      if (hasFrameHeader(next)) {
        next += FRAME_HEADER_BYTES;
      } else {
        int length = framed ? blockLength() : in.length;
        block = decompressed(length);
        next += length;
      }
    }
    return block.hasRemaining();
  }

  private int blockLength() {
    int left = in.length - next - Integer.BYTES;
    if (left < 0) {
      throw Corruption.of("the length of a snappy block", "the records end");
    }
    int length = ByteBuffer.wrap(in).getInt(next);
    if (length < 0 || length > left) {
      throw Corruption.of(
          "a snappy block of at most " + left + " bytes", "its length is " + length);
    }
    next += Integer.BYTES;
    return length;
  }

  private ByteBuffer decompressed(int length) throws IOException {
    int claimed = Snappy.uncompressedLength(in, next, length);
    long most = Math.min(maxBytes, MAX_RATIO * length);
    if (claimed < 0 || claimed > most) {
      throw Corruption.of(
          "at most " + most + " bytes after decompression",
          "a snappy block alone has " + Integer.toUnsignedString(claimed));
    }
    byte[] bytes = new byte[claimed];
    int written = Snappy.uncompress(in, next, length, bytes, 0);
    return ByteBuffer.wrap(bytes, 0, written);
  }

  private boolean hasFrameHeader(int at) {
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
