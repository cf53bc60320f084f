// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Who waits for the metadata to reach an index. Thread-safe; futures complete outside the lock. */
final class Waiters {
  private final NavigableMap<Long, List<CompletableFuture<Void>>> waiting = new TreeMap<>();
  private long reached;
  private boolean closed;

  synchronized long reached() {
    return reached;
  }

  CompletableFuture<Void> await(long index) {
    synchronized (this) {
      if (closed) {
        return CompletableFuture.failedFuture(stopping());
      }
      if (index > reached) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        waiting.computeIfAbsent(index, key -> new ArrayList<>()).add(future);
        return future;
      }
    }
    return CompletableFuture.completedFuture(null);
  }

  void reach(long index) {
    List<CompletableFuture<Void>> done = new ArrayList<>();
    synchronized (this) {
      reached = Math.max(reached, index);
      NavigableMap<Long, List<CompletableFuture<Void>>> due = waiting.headMap(reached, true);
      due.values().forEach(done::addAll);
      due.clear();
    }
    done.forEach(future -> future.complete(null));
  }

  void close() {
    List<CompletableFuture<Void>> done = new ArrayList<>();
    synchronized (this) {
      closed = true;
      waiting.values().forEach(done::addAll);
      waiting.clear();
    }
    done.forEach(future -> future.completeExceptionally(stopping()));
  }

  private static JangadaException stopping() {
    return new JangadaException(
        ErrorCode.SHUTTING_DOWN, "expected to reach a metadata index, but this node is stopping");
  }
}
