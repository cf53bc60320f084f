// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

import io.jangada.record.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * The numbering of one partition's batches. Numbers are given when a batch is first sent and stay
 * with it over all attempts; that is how brokers recognise repetitions. Where a batch was given up,
 * its numbers may be missing in the log, and then the following ones are refused: a <i>gap</i>,
 * until an answer shows which it is. Pure; for the sender thread.
 */
final class Sequences {
  private static final long NO_GAP = -1;

  private @Nullable ProducerIdentity identity;
  private int next;
  private boolean confirmed;
  private long gapAt = NO_GAP;

  boolean needsIdentity() {
    return identity == null;
  }

  /** Begins with sequence 0 under an identity. */
  void begin(ProducerIdentity newIdentity) {
    identity = newIdentity;
    next = 0;
    confirmed = false;
    gapAt = NO_GAP;
  }

  /** Gives a batch the next numbers. */
  void stamp(ProducerBatch batch) {
    ProducerIdentity current = identity;
    if (current == null) {
      throw new IllegalStateException("no identity");
    }
    RecordBatch stamped = batch.stamp(current.id(), current.epoch(), next);
    next = (stamped.lastSequence() + 1) & Integer.MAX_VALUE;
  }

  /**
   * Whether more than one batch may be unanswered. Not before the first answer, because a broker
   * that has never heard of the producer cannot tell whether a batch is the first; and not over a
   * gap, because only the first batch behind it can show what became of the one before.
   */
  boolean mayPipeline() {
    return confirmed && gapAt == NO_GAP;
  }

  /** A batch is in the log, and so are all those before it. */
  void confirmed(long ordinal) {
    confirmed = true;
    if (gapAt != NO_GAP && ordinal > gapAt) {
      gapAt = NO_GAP;
    }
  }

  /** A batch with numbers was given up. */
  void gaveUp(long ordinal) {
    gapAt = Math.max(gapAt, ordinal);
  }

  /** Whether a batch before this one was given up and it is not known what became of it. */
  boolean gapBefore(long ordinal) {
    return gapAt != NO_GAP && gapAt < ordinal;
  }

  /**
   * Begins anew under the next epoch, which fences whatever may still be on its way under this one
   * (KIP-360). After the last epoch a new identity is needed.
   */
  void bumpEpoch() {
    ProducerIdentity current = identity;
    if (current == null) {
      return;
    }
    if (current.epoch() == Short.MAX_VALUE) {
      forgetIdentity();
    } else {
      begin(new ProducerIdentity(current.id(), (short) (current.epoch() + 1)));
    }
  }

  /** The identity is no longer accepted. */
  void forgetIdentity() {
    identity = null;
    next = 0;
    confirmed = false;
    gapAt = NO_GAP;
  }
}
