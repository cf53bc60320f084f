// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Zstandard, RFC 8878 (KIP-110), at the library's default level. */
final class ZstdCodec implements Codec {
  static final ZstdCodec INSTANCE = new ZstdCodec();

  private ZstdCodec() {}

  @Override
  public ByteBuffer compress(byte[] bytes, int from, int length) {
    byte[] to = new byte[Math.toIntExact(Zstd.compressBound(length))];
    long size =
        Zstd.compressByteArray(
            to, 0, to.length, bytes, from, length, Zstd.defaultCompressionLevel());
    if (Zstd.isError(size)) {
      throw new IllegalStateException("zstd cannot compress: " + Zstd.getErrorName(size));
    }
    return ByteBuffer.wrap(to, 0, (int) size);
  }

  @Override
  public ByteBuffer decompress(ByteBuffer compressed, int maxBytes) {
    return Codec.decompressThrough(ZstdCodec::stream, "zstd", compressed, maxBytes);
  }

  @Override
  public InputStream open(ByteBuffer compressed) throws IOException {
    return stream(new BufferSource(compressed.duplicate()));
  }

  private static InputStream stream(InputStream in) throws IOException {
    return new ZstdInputStreamNoFinalizer(in, RecyclingBufferPool.INSTANCE);
  }
}
