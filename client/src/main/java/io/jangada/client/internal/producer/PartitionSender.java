// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

import io.jangada.client.UnexpectedOffsetException;
import io.jangada.client.internal.net.Backoff;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What may be sent to one partition, and what an answer means. Has no threads, clock or network:
 * the sender thread tells it what happens and asks what to do.
 *
 * <pre>
 * FLOWING   ── a batch was refused or is in doubt ──▶ SETTLING (nothing is sent)
 * SETTLING  ── all that is in flight is answered  ──▶ FLOWING: what is left goes again, in order,
 *                                                    under its old numbers…
 * SETTLING  ── …or, where the broker has shown that
 *              a number is missing in the log       ──▶ FLOWING: what is left goes under a new epoch
 * </pre>
 *
 * <p>So batches are appended in their order and once, whatever is lost, repeated or late. A batch
 * that was given up may leave a gap in the numbers: the next one is then sent alone. If it is
 * accepted, there was none; if it is refused as out of order, neither it nor the one before is in
 * the log, and both facts make renumbering safe (the rules of KIP-360, without its assumptions on
 * what a broker has forgotten).
 */
final class PartitionSender {
  private static final Logger LOG = LoggerFactory.getLogger(PartitionSender.class);

  private final TopicPartition partition;
  private final boolean sequenced;
  private final int maxInFlight;
  private final Outbox outbox;
  private final Sequences sequences = new Sequences();
  private final Deque<ProducerBatch> taken = new ArrayDeque<>();
  private final Backoff backoff = Backoff.ofRetries();
  private int inFlight;
  private long nextOrdinal;
  private boolean settling;
  private boolean renumber;
  private long notBeforeNanos;
  private boolean waiting;
  private @Nullable JangadaException lastTrouble;

  /** Hears what became of batches. */
  interface Outbox {
    /** The batch is in the log; called once for each. */
    void written(ProducerBatch batch, long baseOffset, long logAppendTimeMs);

    /** The batch was given up; called once for each. */
    void givenUp(ProducerBatch batch, JangadaException error);
  }

  PartitionSender(TopicPartition partition, boolean sequenced, int maxInFlight, Outbox outbox) {
    this.partition = partition;
    this.sequenced = sequenced;
    this.maxInFlight = maxInFlight;
    this.outbox = outbox;
  }

  TopicPartition partition() {
    return partition;
  }

  /** Nothing was taken that is not answered for. */
  boolean idle() {
    return taken.isEmpty();
  }

  int inFlight() {
    return inFlight;
  }

  boolean needsIdentity() {
    return sequenced && sequences.needsIdentity() && !settling;
  }

  /** Gives the identity under which batches go from now on. */
  void identify(ProducerIdentity identity) {
    sequences.begin(identity);
    for (ProducerBatch batch : taken) {
      sequences.stamp(batch);
    }
  }

  /** Whether a batch may be sent now. */
  boolean maySend(long nowNanos) {
    boolean pipeline = sequenced && sequences.mayPipeline();
    return !settling
        && !(sequenced && sequences.needsIdentity())
        && inFlight < (pipeline ? maxInFlight : 1)
        && waitNanos(nowNanos) <= 0;
  }

  /** How long nothing may be sent because the last attempt failed; 0 or less = not at all. */
  long waitNanos(long nowNanos) {
    return waiting ? notBeforeNanos - nowNanos : 0;
  }

  /** A batch that has to be sent again, the first of them. */
  @Nullable ProducerBatch nextAgain() {
    for (ProducerBatch batch : taken) {
      if (batch.state == ProducerBatch.State.TO_SEND) {
        return batch;
      }
    }
    return null;
  }

  /** Takes a batch that was never sent. */
  void take(ProducerBatch batch) {
    batch.ordinal = nextOrdinal++;
    if (sequenced) {
      sequences.stamp(batch);
    } else {
      batch.stamp(-1, (short) -1, -1);
    }
    taken.addLast(batch);
  }

  /** A batch is on its way. */
  void sent(ProducerBatch batch) {
    batch.state = ProducerBatch.State.IN_FLIGHT;
    inFlight++;
  }

  /** A batch was sent and no answer is expected. */
  void sentForGood(ProducerBatch batch) {
    taken.remove(batch);
    outbox.written(batch, -1, -1);
  }

  /** The broker has written a batch. */
  void written(ProducerBatch batch, long baseOffset, long logAppendTimeMs) {
    inFlight--;
    accept(batch, baseOffset, logAppendTimeMs);
    settleIfAnswered();
  }

  /** The broker has refused a batch, or it is not known what it did. */
  void refused(ProducerBatch batch, JangadaException error, long nowNanos) {
    inFlight--;
    batch.state = ProducerBatch.State.TO_SEND;
    lastTrouble = error;
    switch (error.code()) {
      // Of a batch with a condition it is known where it is, if it is anywhere.
      case DUPLICATE_SEQUENCE -> accept(batch, batch.expectedOffset, -1);
      case OUT_OF_ORDER_SEQUENCE, UNKNOWN_PRODUCER_ID -> outOfOrder(batch, error);
      case INVALID_PRODUCER_EPOCH -> fenced(batch, error);
      default -> {
        batch.inDoubt |= !error.definite();
        if (!error.retriable() || batch.answeredFor()) {
          giveUp(batch, error);
        } else {
          pause(nowNanos);
        }
      }
    }
    settling = inFlight > 0;
    settleIfAnswered();
  }

  /** The leader has changed, or the way to it is open again: an attempt may succeed now. */
  void tryAgainNow() {
    waiting = false;
  }

  /** There is no leader to send to. */
  void noLeader(long nowNanos, JangadaException why) {
    lastTrouble = why;
    pause(nowNanos);
  }

  /**
   * Gives up what has taken longer than a record may. A batch in flight keeps its place until it is
   * answered, because those behind it depend on what became of it.
   */
  void expire(long nowNanos, long deliveryNanos) {
    for (ProducerBatch batch : new ArrayList<>(taken)) {
      if (nowNanos - batch.createdNanos < deliveryNanos) {
        return;
      }
      boolean flying = batch.state == ProducerBatch.State.IN_FLIGHT;
      if (!batch.answeredFor()) {
        JangadaException error = tooLate(deliveryNanos, flying || batch.inDoubt);
        if (flying) {
          outbox.givenUp(batch, error);
        } else {
          giveUp(batch, error);
        }
      }
    }
  }

  /** Why a record was not delivered in time. */
  JangadaException tooLate(long deliveryNanos, boolean inDoubt) {
    JangadaException trouble = lastTrouble;
    return new JangadaException(
        ErrorCode.REQUEST_TIMED_OUT,
        "expected to deliver to "
            + partition
            + " within "
            + deliveryNanos / 1_000_000
            + " ms, but "
            + (trouble == null ? "no broker has answered" : trouble.getMessage()),
        trouble == null ? "look whether the brokers run" : trouble.hint(),
        !inDoubt,
        trouble);
  }

  /** Gives up everything, at the end. */
  void abandon(ErrorCode code, String message) {
    for (ProducerBatch batch : new ArrayList<>(taken)) {
      boolean doubt = batch.inDoubt || batch.state == ProducerBatch.State.IN_FLIGHT;
      giveUp(batch, new JangadaException(code, message, "", !doubt, lastTrouble));
    }
    inFlight = 0;
  }

  private void accept(ProducerBatch batch, long baseOffset, long logAppendTimeMs) {
    taken.remove(batch);
    sequences.confirmed(batch.ordinal);
    backoff.reset();
    waiting = false;
    if (!batch.answeredFor()) {
      outbox.written(batch, baseOffset, logAppendTimeMs);
    }
  }

  /** A number before this batch's is missing in the log, so this batch is not there either. */
  private void outOfOrder(ProducerBatch batch, JangadaException error) {
    if (!sequenced) {
      giveUp(batch, error);
      return;
    }
    if (taken.peekFirst() != batch) {
      return; // the one before has its own trouble: both go again
    }
    if (!sequences.gapBefore(batch.ordinal)) {
      LOG.error(
          "{}: the broker has forgotten what this producer wrote: {}",
          partition,
          error.getMessage());
      giveUpDoubtful(error);
    }
    if (batch.answeredFor()) {
      taken.remove(batch);
    }
    renumber = true;
  }

  /** Without the broker's memory nothing can be said of batches that may be in the log. */
  private void giveUpDoubtful(JangadaException error) {
    for (ProducerBatch other : new ArrayList<>(taken)) {
      if (other.inDoubt && other.state == ProducerBatch.State.TO_SEND) {
        giveUp(other, error);
      }
    }
  }

  private void fenced(ProducerBatch batch, JangadaException error) {
    giveUp(batch, error);
    giveUpDoubtful(error);
    sequences.forgetIdentity();
  }

  private void giveUp(ProducerBatch batch, JangadaException error) {
    taken.remove(batch);
    sequences.gaveUp(batch.ordinal);
    if (!batch.answeredFor()) {
      outbox.givenUp(batch, batch.inDoubt ? indefinite(error) : error);
    }
  }

  private void settleIfAnswered() {
    if (inFlight > 0) {
      return;
    }
    settling = false;
    if (!renumber) {
      return;
    }
    renumber = false;
    sequences.bumpEpoch();
    List<ProducerBatch> again = List.copyOf(taken);
    for (ProducerBatch batch : again) {
      batch.inDoubt = false; // shown not to be in the log, and fenced if it is still on its way
      if (!sequences.needsIdentity()) {
        sequences.stamp(batch);
      }
    }
  }

  private void pause(long nowNanos) {
    if (waitNanos(nowNanos) <= 0) {
      waiting = true;
      notBeforeNanos = nowNanos + backoff.nextNanos();
    }
  }

  private static JangadaException indefinite(JangadaException error) {
    if (error.definite() && error instanceof UnexpectedOffsetException unexpected) {
      return new UnexpectedOffsetException(
          unexpected.expectedOffset(), unexpected.logEndOffset(), false);
    }
    return error.definite()
        ? new JangadaException(error.code(), error.getMessage(), error.hint(), false, error)
        : error;
  }
}
