// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Whole record batches in offset order, as they lie in the log.
 *
 * @param buffers the bytes; to be read only, as the memory may be shared
 * @param sizeBytes of all buffers
 * @param baseOffset of the first batch, which may lie below the offset asked for
 * @param nextOffset the offset after the last batch
 */
public record LogSlice(List<ByteBuffer> buffers, int sizeBytes, long baseOffset, long nextOffset) {
  /** No batches; reading goes on at the offset. */
  public static LogSlice empty(long offset) {
    return new LogSlice(List.of(), 0, offset, offset);
  }

  /** True if there is no batch in it. */
  public boolean isEmpty() {
    return sizeBytes == 0;
  }
}
