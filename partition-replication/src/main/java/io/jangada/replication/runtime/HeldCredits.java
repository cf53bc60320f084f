// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.replication.log.LogEnd;
import io.jangada.replication.transport.Credit;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Credit of batches that are written but not durable yet. Owner only. */
final class HeldCredits {
  private final Deque<Held> oldestFirst = new ArrayDeque<>(1);
  private @Nullable LogEnd durable;

  private record Held(LogEnd end, Credit credit) {}

  void hold(LogEnd end, Credit credit) {
    oldestFirst.add(new Held(end, credit));
  }

  /** Everything written up to there is durable. */
  void durable(LogEnd end) {
    durable = durable == null ? end : LogEnd.later(durable, end);
  }

  /** Gives back the credit of what is durable. */
  void releaseDurable() {
    LogEnd upTo = durable;
    Held held = oldestFirst.peek();
    while (upTo != null
        && held != null
        && (held.end().generation() < upTo.generation()
            || held.end().endOffset() <= upTo.endOffset())) {
      oldestFirst.poll();
      held.credit().release();
      held = oldestFirst.peek();
    }
  }

  void releaseAll() {
    oldestFirst.forEach(held -> held.credit().release());
    oldestFirst.clear();
  }
}
