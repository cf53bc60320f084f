// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import io.jangada.common.JangadaException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * One way of compressing a batch's records, in exactly the bytes that Kafka's clients write and
 * read. Implementations are stateless and thread-safe.
 */
interface Codec {
  /** The codec of a compression other than NONE. */
  static Codec of(Compression compression) {
    return switch (compression) {
      case NONE -> throw new IllegalArgumentException("records without compression need no codec");
      case GZIP -> GzipCodec.INSTANCE;
      case SNAPPY -> SnappyCodec.INSTANCE;
      case LZ4 -> Lz4Codec.INSTANCE;
      case ZSTD -> ZstdCodec.INSTANCE;
    };
  }

  /** The compressed form of a part of an array, from position to limit of what is returned. */
  ByteBuffer compress(byte[] bytes, int from, int length);

  /**
   * What was compressed.
   *
   * @param compressed from position to limit; not moved
   * @param maxBytes what may come out at most
   * @throws JangadaException CORRUPT_MESSAGE if the bytes are not in this codec's format, or become
   *     more than allowed; nothing else
   */
  ByteBuffer decompress(ByteBuffer compressed, int maxBytes);

  /**
   * The same as a stream, which holds a block at a time.
   *
   * @throws IOException or an unchecked exception of the library's, as does the stream, if the
   *     bytes are not in this codec's format
   */
  InputStream open(ByteBuffer compressed) throws IOException;

  /** Opens a stream of the codec's library on top of another. */
  @FunctionalInterface
  interface Wrap<T> {
    /** The stream on top. */
    T around(T stream) throws IOException;
  }

  /** Compresses through a library's stream. */
  static ByteBuffer compressThrough(Wrap<OutputStream> wrap, byte[] bytes, int from, int length) {
    GrowingSink sink = new GrowingSink(Math.max(64, length / 2), Integer.MAX_VALUE);
    try (OutputStream out = wrap.around(sink)) {
      out.write(bytes, from, length);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return sink.written();
  }

  /** Decompresses through a library's stream; whatever that throws is a corrupt message. */
  static ByteBuffer decompressThrough(
      Wrap<InputStream> wrap, String name, ByteBuffer compressed, int maxBytes) {
    int guess = (int) Math.min(maxBytes, 4L * compressed.remaining() + 64);
    GrowingSink sink = new GrowingSink(guess, maxBytes);
    try (InputStream in = wrap.around(new BufferSource(compressed.duplicate()))) {
      sink.fillFrom(in);
    } catch (JangadaException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The libraries report damage by exceptions of many types, unchecked ones among them.
      throw Corruption.of(name + " data", "it cannot be decompressed: " + e.getMessage(), e);
    }
    return sink.written();
  }
}
