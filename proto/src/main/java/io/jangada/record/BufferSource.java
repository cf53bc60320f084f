// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads a buffer from its position, which moves along. */
final class BufferSource extends InputStream {
  private final ByteBuffer buffer;

  BufferSource(ByteBuffer buffer) {
    this.buffer = buffer;
  }

  @Override
  public int read() {
    return buffer.hasRemaining() ? buffer.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] to, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (!buffer.hasRemaining()) {
      return -1;
    }
    int n = Math.min(length, buffer.remaining());
    buffer.get(to, offset, n);
    return n;
  }

  @Override
  public int available() {
    return buffer.remaining();
  }
}
