// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.common.ErrorCode;
import io.jangada.record.RecordBatch;
import io.jangada.replication.core.Acks;
import io.jangada.replication.core.AppendResult;
import io.jangada.replication.core.PartitionEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An application that writes to one partition. An idempotent one sends again, in order, until it is
 * answered, and after giving up goes on with a new epoch; a conditional one sends one batch at a
 * time, again and again, to be appended where it believes the log to end or not at all; a plain one
 * sends each batch once.
 */
final class SimProducer {
  private static final int MAX_IN_FLIGHT = 5;
  private static final long RETRY_MS = 1_200;
  private static final long GIVE_UP_MS = 6_000;

  /** Values of different producers do not overlap. */
  private static final long VALUES_EACH = 1L << 32;

  private static final class Sent {
    final long firstValue;
    final int count;
    final int sequence;
    final int padding;
    final long createdMs;
    final long expectedOffset;
    int attempts;

    Sent(
        long firstValue,
        int count,
        int sequence,
        int padding,
        long createdMs,
        long expectedOffset) {
      this.expectedOffset = expectedOffset;
      this.firstValue = firstValue;
      this.count = count;
      this.sequence = sequence;
      this.padding = padding;
      this.createdMs = createdMs;
    }
  }

  private final SimCluster cluster;
  private final int node;
  private final int partition;
  private final boolean idempotent;
  private final boolean conditional;
  private final Acks acks;
  private final List<Sent> inFlight = new ArrayList<>();
  private final Set<Long> surelyNotWritten = new HashSet<>();
  private long nextValue;
  private short epoch;
  private int nextSequence;
  private long retryAtMs = Long.MAX_VALUE;
  private long believedEnd;
  private boolean stopped;
  private @Nullable UUID topicId;

  SimProducer(SimCluster cluster, int number, int partition, boolean idempotent, Acks acks) {
    this.cluster = cluster;
    this.node = SimClients.FIRST_NODE + number;
    this.partition = partition;
    this.idempotent = idempotent;
    this.conditional = !idempotent && acks == Acks.ALL;
    this.acks = acks;
    this.nextValue = (number + 1) * VALUES_EACH;
    // Wraps soon.
    this.nextSequence = idempotent ? Integer.MAX_VALUE - 20 : RecordBatch.NO_SEQUENCE;
    schedule();
  }

  /** Whether what it sends again must not be there twice. */
  boolean writesOnce() {
    return idempotent || conditional;
  }

  /** Values of batches that were refused as definite. */
  Set<Long> surelyNotWritten() {
    return surelyNotWritten;
  }

  /** The producer that wrote a value. */
  static int writerOf(long value) {
    return (int) (value / VALUES_EACH) - 1;
  }

  /** Writes nothing new any more. */
  void stop() {
    stopped = true;
  }

  boolean isDone() {
    return inFlight.isEmpty();
  }

  private void schedule() {
    cluster
        .clock()
        .afterMs(
            cluster.clock().between(4, 60),
            () -> {
              act();
              schedule();
            });
  }

  private void act() {
    long nowMs = cluster.clock().nowMs();
    if (!inFlight.isEmpty() && nowMs - inFlight.getFirst().createdMs > GIVE_UP_MS) {
      giveUp();
    }
    if (!writesOnce()) {
      inFlight.removeIf(sent -> nowMs - sent.createdMs > RETRY_MS);
    } else if (nowMs >= retryAtMs) {
      retryAtMs = nowMs + RETRY_MS;
      for (Sent sent : List.copyOf(inFlight)) {
        send(sent);
      }
    }
    if (!stopped && inFlight.size() < (conditional ? 1 : MAX_IN_FLIGHT)) {
      write(nowMs);
    }
  }

  private void write(long nowMs) {
    int count = 1 + cluster.clock().below(4);
    Sent sent =
        new Sent(
            nextValue,
            count,
            nextSequence,
            cluster.clock().below(600),
            nowMs,
            conditional ? believedEnd : PartitionEvent.Append.ANY_OFFSET);
    nextValue += count;
    if (idempotent) {
      nextSequence = (nextSequence + count) & Integer.MAX_VALUE;
    }
    if (writesOnce()) {
      retryAtMs = Math.min(retryAtMs, nowMs + RETRY_MS);
    }
    inFlight.add(sent);
    send(sent);
  }

  private void send(Sent sent) {
    if (!inFlight.contains(sent)) {
      return;
    }
    SimClients.Route route = SimClients.route(cluster, partition);
    if (route == null) {
      retrySoon();
      return;
    }
    if (!route.partition().topicId().equals(topicId)) {
      boolean recreated = topicId != null;
      if (recreated && isStale(route.partition().topicId())) {
        retrySoon();
        return;
      }
      topicId = route.partition().topicId();
      if (recreated) {
        giveUp();
        return;
      }
    }
    RecordBatch batch =
        SimBatches.of(
            sent.firstValue,
            sent.count,
            idempotent ? node : RecordBatch.NO_PRODUCER_ID,
            idempotent ? epoch : RecordBatch.NO_PRODUCER_EPOCH,
            sent.sequence,
            sent.padding);
    short sentEpoch = epoch;
    sent.attempts++;
    SimClients.append(
        cluster,
        node,
        route,
        batch,
        acks,
        sent.expectedOffset,
        result -> {
          if (sentEpoch == epoch && inFlight.contains(sent)) {
            answered(sent, result);
          }
        });
    if (acks == Acks.NONE) {
      inFlight.remove(sent);
    }
  }

  /** A broker with old metadata may still name the topic that is gone. */
  private boolean isStale(UUID other) {
    return cluster.quorum().image().topic(other) == null;
  }

  private void answered(Sent sent, AppendResult result) {
    switch (result) {
      case AppendResult.Appended appended -> appended(sent, appended.baseOffset());
      case AppendResult.UnexpectedOffset(long logEndOffset) -> {
        believedEnd = logEndOffset;
        refusedForGood(sent);
      }
      case AppendResult.InvalidRecords invalid ->
          throw new IllegalStateException("the core looks at no records, but said " + invalid);
      case AppendResult.Failed failed -> {
        if (conditional) {
          refusedOrRetried(sent, failed);
        } else if (!idempotent) {
          inFlight.remove(sent);
          if (failed.definite()) {
            surelyNotWritten.add(sent.firstValue);
          }
        } else if (failed.code() == ErrorCode.DUPLICATE_SEQUENCE) {
          inFlight.remove(sent);
        } else if (failed.code() == ErrorCode.INVALID_PRODUCER_EPOCH
            || (failed.code() == ErrorCode.OUT_OF_ORDER_SEQUENCE && sent == inFlight.getFirst())) {
          giveUp();
        } else {
          retrySoon();
        }
      }
    }
    if (inFlight.isEmpty()) {
      retryAtMs = Long.MAX_VALUE;
    }
  }

  private void appended(Sent sent, long baseOffset) {
    if (conditional && baseOffset != sent.expectedOffset) {
      throw new InvariantViolation(
          "I3",
          "expected a conditional append at "
              + sent.expectedOffset
              + ", but it is at "
              + baseOffset);
    }
    believedEnd = baseOffset + sent.count;
    inFlight.remove(sent);
  }

  /** Of a batch that was sent before, the first one may be there. */
  private void refusedForGood(Sent sent) {
    inFlight.remove(sent);
    if (sent.attempts == 1) {
      surelyNotWritten.add(sent.firstValue);
    }
  }

  private void refusedOrRetried(Sent sent, AppendResult.Failed failed) {
    if (failed.definite() && sent.attempts == 1) {
      refusedForGood(sent);
    } else {
      retrySoon();
    }
  }

  private void retrySoon() {
    if (writesOnce()) {
      retryAtMs = Math.min(retryAtMs, cluster.clock().nowMs() + 100);
    } else if (!inFlight.isEmpty() && acks == Acks.NONE) {
      inFlight.clear();
    }
  }

  /** What is in flight may be written or not; nothing of it is sent again. */
  private void giveUp() {
    if (idempotent) {
      cluster.counters().count(Counter.PRODUCER_EPOCH_BUMPS);
      epoch++;
      nextSequence = 0;
    }
    believedEnd = 0;
    inFlight.clear();
    retryAtMs = Long.MAX_VALUE;
  }
}
