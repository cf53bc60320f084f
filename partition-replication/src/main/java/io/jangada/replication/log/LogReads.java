// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.common.JangadaException;
import io.jangada.record.RecordBatch;
import io.jangada.replication.core.LeaderEpochHistory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log, from its files as far as they go and from memory beyond, while it is being changed.
 * Thread-safe; blocks.
 */
final class LogReads {
  private static final int READ_ATTEMPTS = 3;

  private final LogFiles files;
  private final TailCache.Tail tail;
  private final Supplier<LogEnd> end;
  private final LongSupplier readableEnd;
  private final LongSupplier logStartOffset;
  private final Supplier<LeaderEpochHistory> epochs;

  /**
   * Readers of a log.
   *
   * @param end where the log ends
   * @param readableEnd up to where the files may be used
   * @param logStartOffset the first offset there is
   * @param epochs where each leader epoch begins; never changed, only replaced
   */
  LogReads(
      LogFiles files,
      TailCache.Tail tail,
      Supplier<LogEnd> end,
      LongSupplier readableEnd,
      LongSupplier logStartOffset,
      Supplier<LeaderEpochHistory> epochs) {
    this.files = files;
    this.tail = tail;
    this.end = end;
    this.readableEnd = readableEnd;
    this.logStartOffset = logStartOffset;
    this.epochs = epochs;
  }

  /** As {@link PartitionLog#read}. */
  LogSlice read(long offset, int maxBytes, long upTo) throws IOException {
    return stable(() -> tryRead(offset, maxBytes, Math.min(upTo, end.get().endOffset())));
  }

  private @Nullable LogSlice tryRead(long offset, int maxBytes, long upTo) throws IOException {
    if (offset >= upTo || offset < logStartOffset.getAsLong()) {
      return LogSlice.empty(offset);
    }
    long readable = readableEnd.getAsLong();
    if (offset >= readable) {
      return tail.read(offset, maxBytes, upTo).orElse(null);
    }
    LogSegment segment = files.holding(offset);
    if (segment == null) {
      return null;
    }
    LogSlice slice = segment.read(offset, maxBytes, Math.min(upTo, readable));
    if (slice.isEmpty()) {
      // The bound lies within the batch, or its header is damaged.
      LogSlice batch = segment.read(offset, 1, Long.MAX_VALUE);
      if (batch.isEmpty()) {
        throw corrupt("expected offset " + offset + ", but the segment ends before it");
      }
      check(batch, offset);
      if (batch.nextOffset() > end.get().endOffset()) {
        throw corrupt("expected a batch below the end, but one ends at " + batch.nextOffset());
      }
    }
    check(slice, offset);
    return slice;
  }

  /** The checksums say nothing of offsets and epochs, which were assigned after them. */
  private void check(LogSlice slice, long offset) throws CorruptLogException {
    if (slice.isEmpty()) {
      return;
    }
    if (slice.baseOffset() > offset || slice.nextOffset() <= offset) {
      throw corrupt("expected offset " + offset + ", but found " + slice.baseOffset());
    }
    LeaderEpochHistory history = epochs.get();
    long expected = slice.baseOffset();
    ByteBuffer rest = slice.buffers().getFirst().duplicate();
    while (rest.hasRemaining()) {
      RecordBatch batch;
      try {
        batch = RecordBatch.at(rest);
        batch.validate();
      } catch (JangadaException e) {
        throw corrupt(String.valueOf(e.getMessage()));
      }
      if (batch.baseOffset() != expected) {
        throw corrupt("expected offset " + expected + ", but found " + batch.baseOffset());
      }
      int epoch = history.epochOf(expected);
      if (epoch != LeaderEpochHistory.NO_EPOCH && epoch != batch.partitionLeaderEpoch()) {
        throw corrupt(
            "expected leader epoch " + epoch + ", but found " + batch.partitionLeaderEpoch());
      }
      expected = batch.nextOffset();
      rest.position(rest.position() + batch.sizeInBytes());
    }
  }

  private CorruptLogException corrupt(String what) {
    return new CorruptLogException(files.directory() + ": " + what);
  }

  /** As {@link PartitionLog#find}. */
  Optional<TimestampOffset> find(long timestampMs, long upTo) throws IOException {
    return stable(
        () -> {
          long readable = readableEnd.getAsLong();
          for (LogSegment segment : files.all()) {
            if (segment.maxTimestampMs() >= timestampMs
                && segment.baseOffset() < Math.min(upTo, readable)) {
              TimestampOffset found = segment.find(timestampMs, Math.min(upTo, readable));
              if (found != null) {
                return Optional.of(found);
              }
            }
          }
          return tail.find(timestampMs, upTo);
        });
  }

  /** As {@link PartitionLog#newest}. By halves, because the largest may lie above the bound. */
  Optional<TimestampOffset> newest(long upTo) throws IOException {
    Optional<TimestampOffset> newest = find(Long.MIN_VALUE, upTo);
    if (newest.isEmpty()) {
      return newest;
    }
    long tooNew = Long.MAX_VALUE;
    while (newest.get().timestampMs() < tooNew - 1) {
      long known = newest.get().timestampMs();
      // Timestamps may be anything: half of the sum, which may be too large itself.
      long between = (known & tooNew) + ((known ^ tooNew) >> 1);
      Optional<TimestampOffset> newer = find(between, upTo);
      if (newer.isPresent()) {
        newest = newer;
      } else {
        tooNew = between;
      }
    }
    return newest;
  }

  private interface Reading<T> {
    @Nullable T get() throws IOException;
  }

  /** A read that nothing has come in the way of. */
  private <T> T stable(Reading<T> reading) throws IOException {
    IOException last = null;
    for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
      int generation = end.get().generation();
      try {
        T result = reading.get();
        if (result != null && generation == end.get().generation()) {
          return result;
        }
      } catch (ClosedChannelException | CorruptLogException e) {
        last = generation == end.get().generation() ? e : null;
      }
    }
    throw last != null
        ? last
        : new IOException("expected to read " + files.directory() + ", but it keeps changing");
  }
}
