// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;

/**
 * LZ4's frame format with independent blocks of 64 KiB and no checksums, as Kafka's producer writes
 * it (KIP-57).
 */
final class Lz4Codec implements Codec {
  static final Lz4Codec INSTANCE = new Lz4Codec();

  private Lz4Codec() {}

  @Override
  public ByteBuffer compress(byte[] bytes, int from, int length) {
    return Codec.compressThrough(
        out ->
            new LZ4FrameOutputStream(
                out,
                LZ4FrameOutputStream.BLOCKSIZE.SIZE_64KB,
                LZ4FrameOutputStream.FLG.Bits.BLOCK_INDEPENDENCE),
        bytes,
        from,
        length);
  }

  @Override
  public ByteBuffer decompress(ByteBuffer compressed, int maxBytes) {
    return Codec.decompressThrough(LZ4FrameInputStream::new, "LZ4", compressed, maxBytes);
  }

  @Override
  public InputStream open(ByteBuffer compressed) throws IOException {
    return new LZ4FrameInputStream(new BufferSource(compressed.duplicate()));
  }
}
