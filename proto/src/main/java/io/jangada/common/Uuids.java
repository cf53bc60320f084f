// SPDX-License-Identifier: Apache-2.0
package io.jangada.common;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.UUID;

/** Ids as they travel: 16 bytes, big-endian. */
public final class Uuids {
  private static final int LENGTH_BYTES = 16;

  private Uuids() {}

  /** The 16 bytes of an id. */
  public static ByteString toBytes(UUID id) {
    ByteBuffer buffer = ByteBuffer.allocate(LENGTH_BYTES);
    buffer.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).flip();
    return ByteString.copyFrom(buffer);
  }

  /**
   * The id in 16 bytes.
   *
   * @throws JangadaException {@link ErrorCode#INVALID_REQUEST} if there are not 16 bytes
   */
  public static UUID fromBytes(ByteString bytes) {
    if (bytes.size() != LENGTH_BYTES) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected an id of " + LENGTH_BYTES + " bytes, but got " + bytes.size());
    }
    ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
    return new UUID(buffer.getLong(), buffer.getLong());
  }
}
