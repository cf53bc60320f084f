// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.ErrorCode;
import io.jangada.replication.core.AppendResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The producers that wait for an answer of one partition. Answers are kept until the state they
 * speak of is visible to readers, and given then. Owner only.
 */
final class ProducerAnswers {
  private final Admission admission;
  private final Map<Long, Waiting> waiting = new HashMap<>();
  private List<Runnable> due = new ArrayList<>();
  private long lastRequestId;

  private record Waiting(CompletableFuture<AppendResult> answer, int bytes) {}

  ProducerAnswers(Admission admission) {
    this.admission = admission;
  }

  /** The number under which the producer waits. */
  long add(CompletableFuture<AppendResult> answer, int bytes) {
    lastRequestId++;
    waiting.put(lastRequestId, new Waiting(answer, bytes));
    return lastRequestId;
  }

  boolean isWaiting(long requestId) {
    return waiting.containsKey(requestId);
  }

  void complete(long requestId, AppendResult result) {
    Waiting producer = waiting.remove(requestId);
    if (producer != null) {
      due.add(
          () -> {
            admission.releaseAppend(producer.bytes());
            producer.answer().complete(result);
          });
    }
  }

  /** Answers everyone who still waits; what was appended may survive or not. */
  void failAll(ErrorCode code, String reason) {
    for (Long requestId : List.copyOf(waiting.keySet())) {
      complete(requestId, new AppendResult.Failed(code, false, reason));
    }
  }

  /** Gives the answers that are due. */
  void give() {
    if (due.isEmpty()) {
      return;
    }
    List<Runnable> now = due;
    due = new ArrayList<>();
    now.forEach(Runnable::run);
  }
}
