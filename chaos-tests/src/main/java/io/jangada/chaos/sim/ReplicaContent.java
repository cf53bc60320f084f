// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.record.RecordBatch;
import java.util.Arrays;

/** The values of one log by offset, and how far they are what was committed. */
final class ReplicaContent {
  private long[] values = new long[64];
  private int end;
  private int agreesUpTo;

  /** The offset up to which every record is the committed one. */
  int agreesUpTo() {
    return agreesUpTo;
  }

  long valueAt(int offset) {
    return values[offset];
  }

  int end() {
    return end;
  }

  void append(RecordBatch batch) {
    int count = batch.lastOffsetDelta() + 1;
    if (end + count > values.length) {
      values = Arrays.copyOf(values, Math.max(values.length * 2, end + count));
    }
    long first = SimBatches.firstValue(batch);
    for (int i = 0; i < count; i++) {
      values[end++] = first + i;
    }
  }

  void truncate(long to) {
    end = (int) Math.min(end, to);
    agreesUpTo = Math.min(agreesUpTo, end);
  }

  /** Begins anew there: what is below was deleted, which is no disagreement. */
  void reset(long to) {
    end = (int) to;
    agreesUpTo = end;
    if (end > values.length) {
      values = Arrays.copyOf(values, end * 2);
    }
  }

  /** Compares what has not been compared yet. */
  void compare(Truth truth) {
    // It may have lost its end.
    agreesUpTo = truth.isBroken() ? Math.min(agreesUpTo, truth.end()) : agreesUpTo;
    int limit = Math.min(end, truth.end());
    while (agreesUpTo < limit && values[agreesUpTo] == truth.valueAt(agreesUpTo)) {
      agreesUpTo++;
    }
  }
}
