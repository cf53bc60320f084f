// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.history;

import java.util.List;

/**
 * Something that a client did, with what came of it. Times are of one monotonic clock, in
 * nanoseconds. Immutable.
 */
public sealed interface Operation {
  /** Who did it: one producer or one consumer, in its order. */
  int process();

  /**
   * A record was sent.
   *
   * @param value unlike every other value sent to the partition
   * @param startNs before it was handed to the producer
   * @param endNs after the answer
   */
  record Send(int process, int partition, long value, long startNs, long endNs, Outcome outcome)
      implements Operation {
    /** The offset it was acknowledged at; {@link #NO_OFFSET} if it was not, or not known. */
    public long offset() {
      return switch (outcome) {
        case Acknowledged(long offset) -> offset;
        case Refused refused -> NO_OFFSET;
        case Unknown unknown -> NO_OFFSET;
      };
    }
  }

  /**
   * Records were read; the next poll of the process has to go on behind them.
   *
   * @param records as returned, in their order
   */
  record Poll(int process, long endNs, List<Read> records) implements Operation {
    /** Copies. */
    public Poll {
      records = List.copyOf(records);
    }
  }

  /** The process may read on anywhere: it was assigned partitions anew, or sought. */
  record Reassigned(int process) implements Operation {}

  /** One record of a poll. */
  record Read(int partition, long offset, long value) {}

  /** What became of a send. */
  sealed interface Outcome {}

  /**
   * It is written.
   *
   * @param offset where, or {@link #NO_OFFSET} if the broker no longer knew
   */
  record Acknowledged(long offset) implements Outcome {}

  /** It surely was not written. */
  record Refused(String code) implements Outcome {}

  /** It may have been written or not. */
  record Unknown(String code) implements Outcome {}

  /** No offset is known. */
  long NO_OFFSET = -1;
}
