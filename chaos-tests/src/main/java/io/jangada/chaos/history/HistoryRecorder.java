// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.history;

import java.util.ArrayList;
import java.util.List;

/** Gathers operations as they end. Thread-safe. */
public final class HistoryRecorder {
  private final List<Operation> operations = new ArrayList<>();
  private int processes;
  private long acknowledged;

  /** A number for one more process. */
  public synchronized int newProcess() {
    return processes++;
  }

  /** Notes what ended. */
  public synchronized void add(Operation operation) {
    operations.add(operation);
    if (operation instanceof Operation.Send send
        && send.outcome() instanceof Operation.Acknowledged) {
      acknowledged++;
    }
  }

  /** How many sends were acknowledged so far. */
  public synchronized long acknowledged() {
    return acknowledged;
  }

  /** Everything so far. */
  public synchronized History history(int drain) {
    return new History(operations, drain);
  }
}
