// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What goes into a batch in these tests, comparable with what comes out. */
record TestRecord(
    long timestampMs,
    @Nullable ByteBuffer key,
    @Nullable ByteBuffer value,
    List<RecordHeader> headers) {

  static TestRecord of(DecodedRecord decoded) {
    return new TestRecord(decoded.timestampMs(), decoded.key(), decoded.value(), decoded.headers());
  }
}
