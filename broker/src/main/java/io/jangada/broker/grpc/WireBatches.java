// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.record.RecordBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Record batches from produce requests. */
final class WireBatches {
  private WireBatches() {}

  /**
   * The one batch in the bytes, checked, without a copy: the leader writes offset and epoch into
   * the very array that the request was parsed into, which nobody else sees.
   *
   * @throws JangadaException {@link ErrorCode#CORRUPT_MESSAGE} if it is not exactly one valid batch
   */
  static RecordBatch ofBytes(ByteString bytes) {
    ByteBuffer buffer = backingMemory(bytes);
    RecordBatch batch = RecordBatch.at(buffer);
    if (batch.sizeInBytes() != buffer.remaining()) {
      throw new JangadaException(
          ErrorCode.CORRUPT_MESSAGE,
          "expected exactly one record batch, but "
              + (buffer.remaining() - batch.sizeInBytes())
              + " bytes follow the first",
          "send each batch in a request of its own");
    }
    batch.validate();
    if (batch.isControl()) {
      throw new JangadaException(
          ErrorCode.CORRUPT_MESSAGE,
          "expected a batch of records, but it is marked as a control batch");
    }
    return batch;
  }

  private static ByteBuffer backingMemory(ByteString bytes) {
    Captured captured = new Captured();
    try {
      UnsafeByteOperations.unsafeWriteTo(bytes, captured);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ByteBuffer memory = captured.memory;
    return memory != null ? memory : ByteBuffer.wrap(bytes.toByteArray());
  }

  /** Takes the array behind a byte string if it is one piece, and nothing otherwise. */
  private static final class Captured extends ByteOutput {
    private @Nullable ByteBuffer memory;
    private int pieces;

    private void take(@Nullable ByteBuffer piece) {
      pieces++;
      memory = pieces == 1 && piece != null && !piece.isReadOnly() ? piece : null;
    }

    @Override
    public void write(byte value) {
      take(null);
    }

    @Override
    public void write(byte[] value, int offset, int length) {
      take(null);
    }

    @Override
    public void write(ByteBuffer value) {
      take(null);
    }

    @Override
    public void writeLazy(byte[] value, int offset, int length) {
      take(ByteBuffer.wrap(value, offset, length).slice());
    }

    @Override
    public void writeLazy(ByteBuffer value) {
      take(value.slice());
    }
  }
}
