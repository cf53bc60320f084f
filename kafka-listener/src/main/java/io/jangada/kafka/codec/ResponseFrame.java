// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.codec;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * A response as it goes over the wire, in pieces: what is encoded lies in memory of its own,
 * records stay where they are. Is taken piece by piece. Not thread-safe.
 */
public final class ResponseFrame {
  private final Deque<ByteBuffer> pieces = new ArrayDeque<>();
  private final int sizeBytes;
  private int leftBytes;

  /** The response with its length and its header. */
  public ResponseFrame(ApiKeys key, short version, int correlationId, ApiMessage message) {
    short headerVersion = key.responseHeaderVersion(version);
    ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(correlationId);
    ObjectSerializationCache cache = new ObjectSerializationCache();
    MessageSizeAccumulator size = new MessageSizeAccumulator();
    header.addSize(size, cache, headerVersion);
    message.addSize(size, cache, version);
    Writer writer = new Writer(ByteBuffer.allocate(Integer.BYTES + size.sizeExcludingZeroCopy()));
    writer.writeInt(size.totalSize());
    header.write(writer, cache, headerVersion);
    message.write(writer, cache, version);
    writer.finish();
    this.sizeBytes = Integer.BYTES + size.totalSize();
    this.leftBytes = sizeBytes;
  }

  /** Of the whole response, its length included. */
  public int sizeBytes() {
    return sizeBytes;
  }

  /** What was not taken yet. */
  public int leftBytes() {
    return leftBytes;
  }

  /** Puts as much into the buffer as it has room for. */
  public void take(io.netty.buffer.ByteBuf to) {
    while (to.isWritable() && !pieces.isEmpty()) {
      ByteBuffer piece = pieces.getFirst();
      int part = Math.min(piece.remaining(), to.writableBytes());
      to.writeBytes(piece.slice(piece.position(), part));
      piece.position(piece.position() + part);
      leftBytes -= part;
      if (!piece.hasRemaining()) {
        pieces.removeFirst();
      }
    }
  }

  private final class Writer extends ByteBufferAccessor {
    private int begun;

    Writer(ByteBuffer encoded) {
      super(encoded);
    }

    @Override
    public void writeRecords(BaseRecords records) {
      if (records.sizeInBytes() == 0) {
        return;
      }
      cut();
      switch (records) {
        case LogRecords log -> log.batches().forEach(batch -> pieces.add(batch.duplicate()));
        case MemoryRecords memory -> pieces.add(memory.buffer());
        default -> throw new IllegalArgumentException("expected records in memory: " + records);
      }
    }

    /** What was encoded so far goes first. */
    private void cut() {
      int end = buffer().position();
      if (end > begun) {
        pieces.add(buffer().slice(begun, end - begun));
        begun = end;
      }
    }

    void finish() {
      cut();
    }
  }
}
