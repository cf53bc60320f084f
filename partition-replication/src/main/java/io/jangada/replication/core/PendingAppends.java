// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import io.jangada.common.ErrorCode;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;

/**
 * Appends that wait until an offset is safe. New batches wait in offset order; a batch that was
 * sent again waits for its original, out of order, and is rare. Not thread-safe.
 */
final class PendingAppends {
  private record Waiting(
      long requestId, AppendResult.Appended result, long endOffset, long deadlineMs) {}

  private final ArrayDeque<Waiting> inOrder = new ArrayDeque<>();
  private final ArrayDeque<Waiting> repeated = new ArrayDeque<>();

  int size() {
    return inOrder.size() + repeated.size();
  }

  void add(long requestId, AppendResult.Appended result, long endOffset, long deadlineMs) {
    Waiting waiting = new Waiting(requestId, result, endOffset, deadlineMs);
    Waiting last = inOrder.peekLast();
    (last == null || last.endOffset <= endOffset ? inOrder : repeated).addLast(waiting);
  }

  /** Answers all that wait for offsets below. */
  void completeUpTo(long offset, List<PartitionEffect> out) {
    Waiting first = inOrder.peekFirst();
    while (first != null && first.endOffset <= offset) {
      complete(first, out);
      inOrder.pollFirst();
      first = inOrder.peekFirst();
    }
    if (!repeated.isEmpty()) {
      Iterator<Waiting> all = repeated.iterator();
      while (all.hasNext()) {
        Waiting waiting = all.next();
        if (waiting.endOffset <= offset) {
          complete(waiting, out);
          all.remove();
        }
      }
    }
  }

  /** Fails those whose time is over; their records may still survive. */
  void expire(long nowMs, ErrorCode code, String message, List<PartitionEffect> out) {
    expire(inOrder, nowMs, code, message, out);
    expire(repeated, nowMs, code, message, out);
  }

  /** Fails all; their records may still survive. */
  void failAll(ErrorCode code, String message, List<PartitionEffect> out) {
    expire(Long.MAX_VALUE, code, message, out);
  }

  private static void expire(
      ArrayDeque<Waiting> queue,
      long nowMs,
      ErrorCode code,
      String message,
      List<PartitionEffect> out) {
    Iterator<Waiting> all = queue.iterator();
    while (all.hasNext()) {
      Waiting waiting = all.next();
      if (waiting.deadlineMs <= nowMs) {
        out.add(
            new PartitionEffect.CompleteAppend(
                waiting.requestId, new AppendResult.Failed(code, false, message)));
        all.remove();
      }
    }
  }

  private static void complete(Waiting waiting, List<PartitionEffect> out) {
    out.add(new PartitionEffect.CompleteAppend(waiting.requestId, waiting.result));
  }
}
