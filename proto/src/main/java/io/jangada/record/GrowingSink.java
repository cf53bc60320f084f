// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import io.jangada.common.JangadaException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * An array that grows up to a bound. Unlike ByteArrayOutputStream it is neither copied nor locked.
 */
final class GrowingSink extends OutputStream {
  private final int maxBytes;
  private byte[] bytes;
  private int size;

  GrowingSink(int initialBytes, int maxBytes) {
    this.maxBytes = maxBytes;
    this.bytes = new byte[Math.min(initialBytes, maxBytes)];
  }

  /**
   * Reads a stream to its end.
   *
   * @throws JangadaException CORRUPT_MESSAGE if it has more than the bound
   */
  void fillFrom(InputStream in) throws IOException {
    while (true) {
      if (size == bytes.length) {
        if (size == maxBytes) {
          if (in.read() >= 0) {
            throw tooLarge();
          }
          return;
        }
        grow(1);
      }
      int n = in.read(bytes, size, bytes.length - size);
      if (n < 0) {
        return;
      }
      size += n;
    }
  }

  @Override
  public void write(int b) {
    grow(1);
    bytes[size++] = (byte) b;
  }

  @Override
  public void write(byte[] from, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, from.length);
    grow(length);
    System.arraycopy(from, offset, bytes, size, length);
    size += length;
  }

  /** Bytes written so far. */
  int size() {
    return size;
  }

  /** What was written, sharing this sink's memory. */
  ByteBuffer written() {
    return ByteBuffer.wrap(bytes, 0, size).slice();
  }

  private void grow(int more) {
    if (bytes.length - size >= more) {
      return;
    }
    if (more > maxBytes - size) {
      throw tooLarge();
    }
    long wanted = Math.max(2L * bytes.length, (long) size + more);
    bytes = Arrays.copyOf(bytes, (int) Math.min(maxBytes, wanted));
  }

  private JangadaException tooLarge() {
    return Corruption.of("at most " + maxBytes + " bytes after decompression", "there are more");
  }
}
