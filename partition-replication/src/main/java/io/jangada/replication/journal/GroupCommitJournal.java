// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import io.jangada.record.RecordBatch;
import io.jangada.replication.log.LogEnd;
import io.jangada.replication.metrics.ReplicationMetrics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Group commit over the logs' own files: one thread gathers the logs that were written to, syncs
 * each once, and reports them all. There is no timer: a group is what came while the last one was
 * being synced.
 *
 * <p>A failed sync is never tried again, because the kernel has dropped the pages and the next one
 * would lie (rule 22): the journal reports the failure, once, and makes nothing durable any more.
 */
public final class GroupCommitJournal implements SyncJournal {
  private static final long IDLE = 0;

  private final ReplicationMetrics metrics;
  private final Consumer<IOException> onFailure;
  private final Queue<SyncedLog> dirty = new ConcurrentLinkedQueue<>();
  private final Set<SyncedLog> queued = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean parked;
  private volatile boolean closing;
  private volatile long syncBeganNanos = IDLE;

  /**
   * A journal that is to be started.
   *
   * @param name of the thread
   * @param onFailure called once, by the journal's thread, when a sync has failed
   */
  public GroupCommitJournal(
      String name, ReplicationMetrics metrics, Consumer<IOException> onFailure) {
    this.metrics = metrics;
    this.onFailure = onFailure;
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  @Override
  public void append(SyncedLog log, List<RecordBatch> batches) {
    if (queued.add(log)) {
      dirty.add(log);
      wake();
    }
  }

  @Override
  public long oldestSyncAgeMs() {
    long began = syncBeganNanos;
    return began == IDLE ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }

  @Override
  public void close() {
    closing = true;
    wake();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void wake() {
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    List<SyncedLog> group = new ArrayList<>();
    List<LogEnd> ends = new ArrayList<>();
    while (!closing) {
      gather(group);
      if (group.isEmpty()) {
        park();
        continue;
      }
      try {
        sync(group, ends);
      } catch (IOException e) {
        onFailure.accept(e);
        return;
      } catch (RuntimeException e) {
        // A defect must not look like a disk that takes its time.
        onFailure.accept(new IOException("a defect while syncing", e));
        return;
      } finally {
        syncBeganNanos = IDLE;
      }
      for (int i = 0; i < group.size(); i++) {
        group.get(i).durable(ends.get(i));
      }
      metrics.groupCommitted(group.size());
    }
  }

  private void gather(List<SyncedLog> group) {
    group.clear();
    SyncedLog log = dirty.poll();
    while (log != null) {
      // Before its sync begins: what is appended from here on needs another one.
      queued.remove(log);
      group.add(log);
      log = dirty.poll();
    }
  }

  private void sync(List<SyncedLog> group, List<LogEnd> ends) throws IOException {
    ends.clear();
    for (SyncedLog log : group) {
      long beganNanos = System.nanoTime();
      syncBeganNanos = beganNanos == IDLE ? 1 : beganNanos;
      ends.add(log.sync());
      metrics.synced(System.nanoTime() - beganNanos);
    }
  }

  private void park() {
    parked = true;
    if (dirty.isEmpty() && !closing) {
      LockSupport.park(this);
    }
    parked = false;
  }
}
