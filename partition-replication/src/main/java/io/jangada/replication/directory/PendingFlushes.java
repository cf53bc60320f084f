// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.directory;

import io.jangada.replication.log.FlushQueue;
import io.jangada.replication.log.PartitionLog;
import java.util.Comparator;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Which logs have something for their segments, and how much it is in all. Thread-safe. */
final class PendingFlushes implements FlushQueue {
  private final Runnable wake;
  private final long wakeAtBytes;
  private final AtomicLong bytes = new AtomicLong();
  private final Set<PartitionLog> waiting = ConcurrentHashMap.newKeySet();
  private final Set<PartitionLog> queued = ConcurrentHashMap.newKeySet();
  private final Queue<PartitionLog> ready = new ConcurrentLinkedQueue<>();

  /**
   * Nothing waits.
   *
   * @param wakeAtBytes from how many waiting bytes on
   * @param wake to be called when a log is ready, or so much waits; any thread
   */
  PendingFlushes(long wakeAtBytes, Runnable wake) {
    this.wakeAtBytes = wakeAtBytes;
    this.wake = wake;
  }

  @Override
  public void pending(PartitionLog log, long deltaBytes) {
    if (deltaBytes > 0) {
      waiting.add(log);
    }
    if (bytes.addAndGet(deltaBytes) > wakeAtBytes && deltaBytes > 0) {
      wake.run();
    }
  }

  @Override
  public void ready(PartitionLog log) {
    if (queued.add(log)) {
      ready.add(log);
      wake.run();
    }
  }

  /** Bytes that wait, of all logs. */
  long bytes() {
    return bytes.get();
  }

  /** How many are worth a write. */
  int readyLogs() {
    return queued.size();
  }

  /** The next that is worth a write. */
  Optional<PartitionLog> poll() {
    PartitionLog log = ready.poll();
    if (log != null) {
      // Before it is looked at: what comes from here on needs another look.
      queued.remove(log);
    }
    return Optional.ofNullable(log);
  }

  /** The log with most to write. */
  Optional<PartitionLog> largest() {
    waiting.removeIf(PartitionLog::isFlushed);
    return waiting.stream()
        .filter(log -> log.progress().writableBytes() > 0)
        .max(Comparator.comparingLong(each -> each.progress().writableBytes()));
  }

  void forget(PartitionLog log) {
    waiting.remove(log);
  }
}
