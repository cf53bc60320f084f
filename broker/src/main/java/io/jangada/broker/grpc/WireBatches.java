// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.jangada.api.v1.StructuredRecord;
import io.jangada.api.v1.StructuredRecords;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.record.Compression;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordBatchBuilder;
import io.jangada.record.RecordHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Record batches from produce requests. */
final class WireBatches {
  private WireBatches() {}

  /**
   * The one batch in the bytes, without a copy: the leader writes offset and epoch into the very
   * array that the request was parsed into, which nobody else sees. The checksum is left to it.
   *
   * @throws JangadaException {@link ErrorCode#CORRUPT_MESSAGE} if it is not exactly one batch of
   *     records
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
    if (batch.isControl()) {
      throw new JangadaException(
          ErrorCode.CORRUPT_MESSAGE,
          "expected a batch of records, but it is marked as a control batch");
    }
    return batch;
  }

  /**
   * A batch of the structured records, in their order, uncompressed.
   *
   * @param maxBytes of the whole batch
   * @throws JangadaException {@link ErrorCode#INVALID_REQUEST} if there is no record, {@link
   *     ErrorCode#MESSAGE_TOO_LARGE} if they do not fit
   */
  static RecordBatch ofStructured(StructuredRecords records, int maxBytes) {
    if (records.getRecordsCount() == 0) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST, "expected at least one record, but the request has none");
    }
    long nowMs = System.currentTimeMillis();
    RecordBatchBuilder builder = new RecordBatchBuilder(maxBytes, Compression.NONE);
    for (StructuredRecord record : records.getRecordsList()) {
      boolean added =
          builder.append(
              record.getTimestampMs() == 0 ? nowMs : record.getTimestampMs(),
              record.hasKey() ? record.getKey().asReadOnlyByteBuffer() : null,
              record.hasValue() ? record.getValue().asReadOnlyByteBuffer() : null,
              headersOf(record));
      if (!added) {
        throw new JangadaException(
            ErrorCode.MESSAGE_TOO_LARGE,
            "expected records of at most "
                + maxBytes
                + " bytes together, but these "
                + records.getRecordsCount()
                + " have more",
            "send fewer records in one request");
      }
    }
    return builder.build();
  }

  private static List<RecordHeader> headersOf(StructuredRecord record) {
    return record.getHeadersList().stream()
        .map(
            header ->
                new RecordHeader(
                    header.getKey(),
                    header.hasValue() ? header.getValue().asReadOnlyByteBuffer() : null))
        .toList();
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
