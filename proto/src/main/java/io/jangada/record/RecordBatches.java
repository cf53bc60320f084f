// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import io.jangada.common.JangadaException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Splits a buffer that holds record batches one behind the other, without copying. */
public final class RecordBatches {
  private RecordBatches() {}

  /**
   * The batches between the buffer's position and limit; the buffer itself is not changed. Each
   * batch is checked as {@link RecordBatch#at} does; checksums are not looked at.
   *
   * @return something that can be gone through any number of times; its iterator's {@code next}
   *     throws {@link JangadaException} CORRUPT_MESSAGE where no whole batch follows, and then has
   *     no more
   */
  public static Iterable<RecordBatch> in(ByteBuffer buffer) {
    return () -> new Splitter(buffer.duplicate());
  }

  private static final class Splitter implements Iterator<RecordBatch> {
    private final ByteBuffer rest;

    Splitter(ByteBuffer rest) {
      this.rest = rest;
    }

    @Override
    public boolean hasNext() {
      return rest.hasRemaining();
    }

    @Override
    public RecordBatch next() {
      if (!rest.hasRemaining()) {
        throw new NoSuchElementException("no more batches");
      }
      try {
        RecordBatch batch = RecordBatch.at(rest.slice());
        rest.position(rest.position() + batch.sizeInBytes());
        return batch;
      } catch (JangadaException e) {
        rest.position(rest.limit());
        throw e;
      }
    }
  }
}
