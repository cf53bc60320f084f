// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts what a stream still has to answer, and says when nothing more will come: the stream itself
 * counts as one until the client has closed its half. Thread-safe.
 */
final class Unanswered {
  private final AtomicInteger open = new AtomicInteger(1);
  private final Runnable allAnswered;

  Unanswered(Runnable allAnswered) {
    this.allAnswered = allAnswered;
  }

  void started() {
    open.incrementAndGet();
  }

  void finished() {
    if (open.decrementAndGet() == 0) {
      allAnswered.run();
    }
  }

  void noMoreToCome() {
    finished();
  }
}
