// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.consumer;

import io.jangada.api.v1.ConsumeResponse;
import io.jangada.client.ConsumerRecord;
import io.jangada.client.internal.metadata.LeaderView;
import io.jangada.client.internal.net.Backoff;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.record.DecodedRecord;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordBatches;
import io.jangada.record.RecordReader;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where reading of one partition stands. The <i>position</i> is the next offset to be returned and
 * moves only with records that are returned; the <i>fetch offset</i> is the next one to be received
 * and runs ahead by what is buffered. Over a change of leaders both stay: what was received is
 * committed and good, and the new leader is asked from the fetch offset on. For the polling thread.
 */
final class PartitionFetch {
  private static final long NOT_FOUND_OUT = -1;
  private static final long FOLLOWERS_AVOIDED_NANOS = Duration.ofSeconds(5).toNanos();

  private final TopicPartition partition;
  private final int maxDecompressedBytes;
  private final Deque<Chunk> buffered = new ArrayDeque<>();
  private final Backoff backoff = Backoff.ofRetries();
  private long position = NOT_FOUND_OUT;
  private long fetchOffset = NOT_FOUND_OUT;
  private @Nullable Place place;
  private @Nullable RecordReader reader;
  private @Nullable RecordBatch readerBatch;
  private @Nullable JangadaException trouble;
  private boolean paused;
  private boolean avoiding;
  private long avoidedUntilNanos;
  private boolean waiting;
  private long notBeforeNanos;

  /** Where a partition is being read. */
  record Place(FetchStream stream, long assignmentId, LeaderView leader) {}

  PartitionFetch(TopicPartition partition, int maxDecompressedBytes) {
    this.partition = partition;
    this.maxDecompressedBytes = maxDecompressedBytes;
  }

  TopicPartition partition() {
    return partition;
  }

  boolean positioned() {
    return position != NOT_FOUND_OUT;
  }

  long position() {
    return position;
  }

  long fetchOffset() {
    return fetchOffset;
  }

  @Nullable Place place() {
    return place;
  }

  boolean hasBuffered() {
    return !buffered.isEmpty();
  }

  /** What keeps this partition from being read until somebody hears of it; null if nothing. */
  @Nullable JangadaException trouble() {
    return trouble;
  }

  void trouble(@Nullable JangadaException error) {
    trouble = error;
  }

  /** Reads on elsewhere: forgets what was received. */
  void seek(long offset) {
    drop();
    leave();
    trouble = null;
    waiting = false;
    position = offset;
    fetchOffset = offset;
  }

  /** Whether followers may be read, too. */
  boolean followersWelcome(long nowNanos) {
    avoiding &= nowNanos - avoidedUntilNanos < 0;
    return !avoiding;
  }

  /** A follower could not serve: the leader is read for a while. */
  void avoidFollowers(long nowNanos) {
    avoiding = true;
    avoidedUntilNanos = nowNanos + FOLLOWERS_AVOIDED_NANOS;
  }

  boolean paused() {
    return paused;
  }

  /** Reads no more until {@link #resume}; gives back the credit of what was received ahead. */
  void pause() {
    paused = true;
    long from = position;
    JangadaException kept = trouble;
    seek(from);
    trouble = kept;
  }

  void resume() {
    paused = false;
  }

  /** The position has to be found out. */
  void unposition() {
    seek(NOT_FOUND_OUT);
  }

  /** Reads from a stream from now on. */
  void arrive(FetchStream stream, LeaderView leader) {
    place = new Place(stream, stream.assign(this, leader, fetchOffset), leader);
  }

  /** Ends the assignment, if there is one. */
  void leave() {
    Place old = place;
    place = null;
    if (old != null) {
      old.stream().unassign(old.assignmentId());
    }
  }

  /** The assignment is over already. */
  void left() {
    place = null;
  }

  /** Does not try again for a while, longer each time. */
  void backOff(long nowNanos) {
    waiting = true;
    notBeforeNanos = nowNanos + backoff.nextNanos();
  }

  /** The leader is another one: what failed before may succeed now. */
  void tryAgainNow() {
    waiting = false;
  }

  /** How long not to try; 0 or less = now. */
  long waitNanos(long nowNanos) {
    return waiting ? notBeforeNanos - nowNanos : 0;
  }

  /**
   * Takes in what a broker sent.
   *
   * @throws JangadaException CORRUPT_MESSAGE if it is not a row of whole batches in order
   */
  void receive(FetchStream stream, ConsumeResponse response) {
    waiting = false;
    backoff.reset();
    int bytes = response.getRecordBatches().size();
    List<RecordBatch> batches = new ArrayList<>();
    long next = fetchOffset;
    long end = Long.MIN_VALUE;
    for (RecordBatch batch : RecordBatches.in(response.getRecordBatches().asReadOnlyByteBuffer())) {
      if (batch.baseOffset() < 0 || batch.lastOffsetDelta() < 0 || batch.baseOffset() < end) {
        throw new JangadaException(
            ErrorCode.CORRUPT_MESSAGE,
            "expected batches of " + partition + " in order, but found " + batch + " at " + end);
      }
      end = batch.nextOffset();
      if (end > next) {
        batches.add(batch);
        next = end;
      }
    }
    if (batches.isEmpty()) {
      stream.giveCredit(bytes);
      return;
    }
    fetchOffset = next;
    buffered.addLast(new Chunk(stream, bytes, batches.iterator()));
  }

  /**
   * Returns records by adding them to a list.
   *
   * @throws JangadaException CORRUPT_MESSAGE if a batch is damaged; the position stays before it,
   *     and it is fetched again
   */
  void take(List<ConsumerRecord> into, int max) {
    try {
      while (into.size() < max && openBatch()) {
        RecordReader open = reader;
        RecordBatch batch = readerBatch;
        if (open == null || batch == null) {
          throw new IllegalStateException("no batch is open");
        }
        while (into.size() < max && open.hasNext()) {
          DecodedRecord record = open.next();
          if (record.offset() >= position) {
            into.add(toConsumer(record, batch.partitionLeaderEpoch()));
            position = record.offset() + 1;
          }
        }
        if (!open.hasNext()) {
          position = Math.max(position, batch.nextOffset());
          reader = null;
          readerBatch = null;
        }
      }
    } catch (JangadaException e) {
      long from = position;
      seek(from);
      throw e;
    }
  }

  /** Sees to it that a batch with records for the reader is open; false if there is none. */
  private boolean openBatch() {
    while (reader == null) {
      Chunk chunk = buffered.peekFirst();
      if (chunk == null) {
        return false;
      }
      if (!chunk.batches().hasNext()) {
        buffered.removeFirst();
        chunk.stream().giveCredit(chunk.creditBytes());
        continue;
      }
      RecordBatch batch = chunk.batches().next();
      batch.validate();
      if (batch.isControl()) {
        position = Math.max(position, batch.nextOffset());
        continue;
      }
      reader = RecordReader.of(batch, maxDecompressedBytes);
      readerBatch = batch;
    }
    return true;
  }

  private void drop() {
    reader = null;
    readerBatch = null;
    for (Chunk chunk : buffered) {
      chunk.stream().giveCredit(chunk.creditBytes());
    }
    buffered.clear();
  }

  private ConsumerRecord toConsumer(DecodedRecord record, int leaderEpoch) {
    return new ConsumerRecord(
        partition,
        record.offset(),
        leaderEpoch,
        record.timestampMs(),
        record.key(),
        record.value(),
        record.headers());
  }
}
