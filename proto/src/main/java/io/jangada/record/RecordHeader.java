// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A named value beside a record's key and value. Keys may repeat; their order is kept.
 *
 * @param key the name
 * @param value what stands between the buffer's position and limit, or null; neither is moved by
 *     this package
 */
public record RecordHeader(String key, @Nullable ByteBuffer value) {
  /** A header whose value is text, in UTF-8. */
  public static RecordHeader ofUtf8(String key, String value) {
    return new RecordHeader(key, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
  }
}
