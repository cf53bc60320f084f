// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.store;

import java.nio.ByteBuffer;

/** The writer's two direct buffers; used by one thread at a time. */
final class Buffers {
  private static final int MAX_KEY_BYTES = 511;

  private final ByteBuffer key = ByteBuffer.allocateDirect(MAX_KEY_BYTES);
  private ByteBuffer value = ByteBuffer.allocateDirect(4_096);

  ByteBuffer key(byte[] bytes) {
    return key.clear().put(bytes).flip();
  }

  ByteBuffer value(byte[] bytes) {
    if (bytes.length > value.capacity()) {
      value = ByteBuffer.allocateDirect(Math.max(bytes.length, 2 * value.capacity()));
    }
    return value.clear().put(bytes).flip();
  }
}
