// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** RFC 1952. */
final class GzipCodec implements Codec {
  static final GzipCodec INSTANCE = new GzipCodec();

  private static final int BUFFER_BYTES = 8 * 1024;

  private GzipCodec() {}

  @Override
  public ByteBuffer compress(byte[] bytes, int from, int length) {
    return Codec.compressThrough(
        out -> new GZIPOutputStream(out, BUFFER_BYTES), bytes, from, length);
  }

  @Override
  public ByteBuffer decompress(ByteBuffer compressed, int maxBytes) {
    return Codec.decompressThrough(GzipCodec::stream, "gzip", compressed, maxBytes);
  }

  @Override
  public InputStream open(ByteBuffer compressed) throws IOException {
    return stream(new BufferSource(compressed.duplicate()));
  }

  private static InputStream stream(InputStream in) throws IOException {
    return new GZIPInputStream(in, BUFFER_BYTES);
  }
}
