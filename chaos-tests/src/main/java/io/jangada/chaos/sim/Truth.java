// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.common.TopicIdPartition;
import java.util.Arrays;

/**
 * What was committed in one partition: the value of each offset below the highest high watermark
 * that any leader has had. The first leader to commit an offset settles it.
 */
final class Truth {
  private final TopicIdPartition partition;
  private long[] values = new long[256];
  private int end;
  private int acknowledgedEnd;
  private long deletedEnd;
  private boolean broken;
  private boolean beyondTolerance;

  Truth(TopicIdPartition partition) {
    this.partition = partition;
  }

  TopicIdPartition partition() {
    return partition;
  }

  int end() {
    return end;
  }

  long valueAt(int offset) {
    return values[offset];
  }

  /** The offset after the last record that a producer was told to be safe. */
  int acknowledgedEnd() {
    return acknowledgedEnd;
  }

  /**
   * A leader was elected that may lack acknowledged records, which was reported (I12): from here on
   * its log is what was committed, as far as it goes.
   *
   * @return how many acknowledged records are lost
   */
  int broken(ReplicaContent elected) {
    elected.compare(this);
    int kept = Math.min(end, elected.agreesUpTo());
    int lost = Math.max(0, acknowledgedEnd - kept);
    end = kept;
    acknowledgedEnd = Math.min(acknowledgedEnd, kept);
    broken = true;
    return lost;
  }

  /** More copies are gone than has to be tolerated: records may be lost, but not silently. */
  void copiesDestroyed() {
    beyondTolerance = true;
  }

  /** Whether records may be lost as soon as it is reported. */
  boolean isBeyondTolerance() {
    return beyondTolerance;
  }

  /** Whether that has happened: whoever goes on from before may see things go back. */
  boolean isBroken() {
    return broken;
  }

  /** Records below were deleted by someone who may. */
  void deleted(long to) {
    deletedEnd = Math.max(deletedEnd, to);
  }

  /** The offset after the last record that was deleted. */
  long deletedEnd() {
    return deletedEnd;
  }

  /** A leader's high watermark has moved. I2: one value per offset. */
  void committed(ReplicaContent log, int from, int to) {
    if (to > values.length) {
      values = Arrays.copyOf(values, Math.max(values.length * 2, to));
    }
    for (int offset = from; offset < to; offset++) {
      if (offset < end) {
        if (values[offset] != log.valueAt(offset)) {
          throw new InvariantViolation(
              "I2",
              partition
                  + ": expected value "
                  + values[offset]
                  + " at offset "
                  + offset
                  + ", but a leader commits "
                  + log.valueAt(offset));
        }
      } else {
        values[offset] = log.valueAt(offset);
        end = offset + 1;
      }
    }
  }

  /** A producer is told that its records are safe. */
  void acknowledged(long firstValue, int baseOffset, int count) {
    for (int i = 0; i < count; i++) {
      if (baseOffset + i >= end || values[baseOffset + i] != firstValue + i) {
        throw new InvariantViolation(
            "I1",
            partition
                + ": expected value "
                + (firstValue + i)
                + " to be committed at offset "
                + (baseOffset + i)
                + " when it is acknowledged, but committed is "
                + (baseOffset + i < end ? values[baseOffset + i] : "nothing"));
      }
    }
    acknowledgedEnd = Math.max(acknowledgedEnd, baseOffset + count);
  }
}
