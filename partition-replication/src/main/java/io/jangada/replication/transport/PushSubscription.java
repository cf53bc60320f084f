// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.transport;

import io.jangada.internal.v1.Channel;
import io.jangada.internal.v1.Section;
import io.jangada.replication.core.FollowerSession;
import io.jangada.replication.core.SubscribeAnswer;
import io.jangada.replication.log.LogSlice;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What is pushed of one partition to one follower. The owner of the partition starts, advances and
 * stops it; everything else happens on the stream's event loop.
 */
final class PushSubscription implements PushTarget {
  private static final long NOTHING_SENT = -1;

  private final PushStream stream;
  private final int index;
  private final PushedPartition partition;
  private final FollowerSession follower;
  private final AtomicBoolean announced = new AtomicBoolean();

  /**
   * Set by the owner before it truncates: whatever was read from the log before this is seen to be
   * false is of the leader epoch in which the pushing began.
   */
  private volatile boolean stopped;

  private boolean started;
  private int leaderEpoch;
  private long nextOffset;
  private long sentHighWatermark = NOTHING_SENT;
  private long sentLogStart = NOTHING_SENT;

  /** Read, but not sent for want of room. */
  private @Nullable LogSlice held;

  /** The rest of a batch larger than a frame. */
  private @Nullable ByteBuffer chunked;

  private long chunkedBaseOffset;
  private boolean holdsColdSlot;
  private boolean reading;
  private boolean queued;

  PushSubscription(
      PushStream stream, int index, PushedPartition partition, FollowerSession follower) {
    this.stream = stream;
    this.index = index;
    this.partition = partition;
    this.follower = follower;
  }

  int index() {
    return index;
  }

  PushedPartition partition() {
    return partition;
  }

  FollowerSession follower() {
    return follower;
  }

  // ---- by the owner of the partition

  @Override
  public void answer(SubscribeAnswer answer) {
    stream.loop().execute(() -> stream.reply(this, answer));
  }

  @Override
  public void start(int epoch, long fromOffset) {
    stream
        .loop()
        .execute(
            () -> {
              leaderEpoch = epoch;
              nextOffset = fromOffset;
              started = true;
              stream.advanced(this);
            });
  }

  @Override
  public void stop() {
    stopped = true;
    stream.loop().execute(() -> stream.ended(this));
  }

  @Override
  public void advanced() {
    if (announced.compareAndSet(false, true)) {
      stream.loop().execute(() -> stream.advanced(this));
    }
  }

  // ---- by the stream

  /** From here on another {@link #advanced} is needed to learn of what comes. */
  void heard() {
    announced.set(false);
  }

  /** Whether it stands in the stream's queue of those that have data. */
  boolean queued() {
    return queued;
  }

  void queued(boolean value) {
    queued = value;
  }

  boolean active() {
    return started && !stopped;
  }

  /** Whether a slice waits for room in a frame. */
  boolean isHeld() {
    return active() && held != null;
  }

  boolean hasData() {
    return active() && (chunked != null || held != null || nextOffset < partition.logEndOffset());
  }

  boolean highWatermarkMoved() {
    return active()
        && (partition.highWatermark() != sentHighWatermark
            || partition.logStartOffset() != sentLogStart);
  }

  /** Adds a section without batches. */
  void fillHighWatermark(FrameBuilder frame) {
    frame.add(section(nextOffset, 0, 0), Optional.empty());
  }

  /**
   * Adds what fits.
   *
   * @return false if nothing could be added now: it is being read, or does not fit
   */
  boolean fill(FrameBuilder frame) {
    ByteBuffer rest = chunked;
    if (rest != null) {
      fillChunk(frame, rest);
      return true;
    }
    LogSlice slice = nextSlice(frame.roomBytes());
    // Looked at again: the owner may have truncated while the log was being read.
    if (slice == null || slice.isEmpty() || stopped) {
      return false;
    }
    if (slice.sizeBytes() > frame.roomBytes() && !frame.isEmpty()) {
      held = slice;
      return false;
    }
    held = null;
    releaseColdSlot();
    nextOffset = slice.nextOffset();
    if (slice.sizeBytes() > frame.roomBytes()) {
      chunkedBaseOffset = slice.baseOffset();
      fillChunk(frame, slice.buffers().getFirst().duplicate());
    } else {
      frame.add(section(slice.baseOffset(), slice.sizeBytes(), 0), Optional.of(slice));
      if (stream.channel() == Channel.CHANNEL_CATCH_UP && nextOffset >= partition.logEndOffset()) {
        stream.move(this, Channel.CHANNEL_LIVE);
      }
    }
    return true;
  }

  private @Nullable LogSlice nextSlice(int roomBytes) {
    LogSlice before = held;
    if (before != null) {
      return before;
    }
    if (reading) {
      return null;
    }
    LogSlice cached = partition.readCached(nextOffset, roomBytes).orElse(null);
    if (stream.channel() == Channel.CHANNEL_LIVE) {
      if (cached == null) {
        stream.move(this, Channel.CHANNEL_CATCH_UP);
      }
      return cached;
    }
    if (cached != null) {
      stream.move(this, Channel.CHANNEL_LIVE);
      return null;
    }
    if (holdsColdSlot || stream.takeColdSlot(this)) {
      holdsColdSlot = true;
      reading = stream.readCold(this, nextOffset);
    }
    return null;
  }

  private void fillChunk(FrameBuilder frame, ByteBuffer rest) {
    int length = Math.min(frame.roomBytes(), rest.remaining());
    ByteBuffer part = rest.slice(rest.position(), length);
    rest.position(rest.position() + length);
    chunked = rest.hasRemaining() ? rest : null;
    frame.add(section(chunkedBaseOffset, length, rest.remaining()), part);
  }

  /** A cold read has ended with that. */
  void coldRead(LogSlice slice) {
    reading = false;
    if (slice.isEmpty()) {
      releaseColdSlot();
    } else {
      held = slice;
    }
  }

  /** Lets go of memory and of the slot. */
  void release() {
    stopped = true;
    held = null;
    chunked = null;
    releaseColdSlot();
  }

  private void releaseColdSlot() {
    if (holdsColdSlot) {
      holdsColdSlot = false;
      stream.coldSlotFree();
    }
  }

  private Section section(long baseOffset, int length, int remaining) {
    sentHighWatermark = partition.highWatermark();
    sentLogStart = partition.logStartOffset();
    return Section.newBuilder()
        .setIndex(index)
        .setLeaderEpoch(leaderEpoch)
        .setBaseOffset(baseOffset)
        .setHighWatermark(sentHighWatermark)
        .setLogStartOffset(sentLogStart)
        .setLength(length)
        .setRemaining(remaining)
        .build();
  }
}
