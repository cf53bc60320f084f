// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.jangada.api.v1.ConsumeResponse;
import io.jangada.api.v1.ConsumedHeader;
import io.jangada.api.v1.ConsumedRecord;
import io.jangada.broker.service.FetchService.Fetched;
import io.jangada.record.DecodedRecord;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordBatches;
import io.jangada.record.RecordHeader;
import io.jangada.record.RecordReader;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Batches taken apart, for consumers without a decoder. What a batch may be decompressed to is
 * bounded by {@link RecordReader#DEFAULT_MAX_DECOMPRESSED_BYTES}, and records go out in pieces well
 * below the size at which gRPC's clients refuse a message.
 */
final class PlainRecords {
  /** A piece ends with the record that reaches it. */
  static final int PIECE_BYTES = 1024 * 1024;

  private final Fetched fetched;
  private final long fromOffset;
  private final Consumer<ConsumeResponse> out;
  private final ConsumeResponse.Builder piece;
  private int pieceBytes;

  private PlainRecords(
      Fetched fetched, long fromOffset, ConsumeResponse template, Consumer<ConsumeResponse> out) {
    this.fetched = fetched;
    this.fromOffset = fromOffset;
    this.out = out;
    this.piece = template.toBuilder();
  }

  /**
   * Sends the records from the offset on.
   *
   * @param template what every piece says besides
   * @throws io.jangada.common.JangadaException CORRUPT_MESSAGE if a batch cannot be taken apart;
   *     what is before it has been sent
   */
  static void send(
      Fetched fetched, long fromOffset, ConsumeResponse template, Consumer<ConsumeResponse> out) {
    new PlainRecords(fetched, fromOffset, template, out).send();
  }

  private void send() {
    for (ByteBuffer bytes : fetched.batches()) {
      for (RecordBatch batch : RecordBatches.in(bytes)) {
        if (!batch.isControl()) {
          send(batch);
        }
      }
    }
    flush();
  }

  private void send(RecordBatch batch) {
    RecordReader records = RecordReader.of(batch);
    while (records.hasNext()) {
      DecodedRecord record = records.next();
      if (record.offset() >= fromOffset) {
        ConsumedRecord plain = plain(record);
        piece.addRecords(plain);
        pieceBytes += plain.getSerializedSize();
        if (pieceBytes >= PIECE_BYTES) {
          flush();
        }
      }
    }
  }

  private void flush() {
    if (piece.getRecordsCount() > 0) {
      out.accept(piece.build());
      piece.clearRecords();
      pieceBytes = 0;
    }
  }

  private static ConsumedRecord plain(DecodedRecord record) {
    ConsumedRecord.Builder plain =
        ConsumedRecord.newBuilder().setOffset(record.offset()).setTimestampMs(record.timestampMs());
    if (record.key() != null) {
      plain.setKey(bytes(record.key()));
    }
    if (record.value() != null) {
      plain.setValue(bytes(record.value()));
    }
    for (RecordHeader header : record.headers()) {
      ConsumedHeader.Builder consumed = ConsumedHeader.newBuilder().setKey(header.key());
      if (header.value() != null) {
        consumed.setValue(bytes(header.value()));
      }
      plain.addHeaders(consumed);
    }
    return plain.build();
  }

  /** The batch's memory does not change any more. */
  private static ByteString bytes(ByteBuffer of) {
    return UnsafeByteOperations.unsafeWrap(of);
  }
}
