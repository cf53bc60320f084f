// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.metrics;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;

/** What log compaction counts. Thread-safe. */
public final class CompactionMetrics {
  private final Counter passes;
  private final Counter readBytes;
  private final Counter writtenBytes;
  private final Counter removedRecords;
  private final Counter seconds;
  private final Counter restarts;
  private final Gauge setAside;
  private final Gauge due;
  private final Gauge maxDirtyRatio;
  private final Gauge lastLook;

  CompactionMetrics(CollectorRegistry registry) {
    passes =
        Counter.build("jangada_compaction_passes_total", "Passes over a log, by how they ended.")
            .labelNames("result")
            .register(registry);
    readBytes =
        Counter.build("jangada_compaction_read_bytes_total", "Bytes of batches compacted.")
            .register(registry);
    writtenBytes =
        Counter.build("jangada_compaction_written_bytes_total", "Bytes that were left of them.")
            .register(registry);
    removedRecords =
        Counter.build("jangada_compaction_removed_records_total", "Records that compaction took.")
            .register(registry);
    seconds =
        Counter.build("jangada_compaction_seconds_total", "Time that passes took.")
            .register(registry);
    restarts =
        Counter.build(
                "jangada_compaction_cleaner_restarts_total",
                "Times that the cleaner ended for an error and began again.")
            .register(registry);
    setAside =
        Gauge.build(
                "jangada_compaction_set_aside_partitions",
                "Partitions whose last pass failed, and that are not tried again yet.")
            .register(registry);
    due =
        Gauge.build("jangada_compaction_due_partitions", "Partitions that wait for a pass.")
            .register(registry);
    maxDirtyRatio =
        Gauge.build(
                "jangada_compaction_max_dirty_ratio",
                "Of the log that needs it most, how much was not compacted yet.")
            .register(registry);
    lastLook =
        Gauge.build(
                "jangada_compaction_last_look_seconds",
                "When the cleaner last looked for work or did some, in seconds since the epoch.")
            .register(registry);
  }

  /** A pass has come to its end, or the log has changed under it. */
  public void passed(boolean done, long nanos) {
    passes.labels(done ? "done" : "overtaken").inc();
    seconds.inc(nanos / 1e9);
  }

  /** A pass has failed. */
  public void failed() {
    passes.labels("failed").inc();
  }

  /** Some segments became one. */
  public void compacted(long read, long written, long removed) {
    readBytes.inc((double) read);
    writtenBytes.inc((double) written);
    removedRecords.inc((double) removed);
  }

  /** The cleaner began again. */
  public void restarted() {
    restarts.inc();
  }

  /** The cleaner has looked at all logs. */
  public void looked(int partitionsDue, int partitionsSetAside, double largestDirtyRatio) {
    due.set(partitionsDue);
    setAside.set(partitionsSetAside);
    maxDirtyRatio.set(largestDirtyRatio);
    alive();
  }

  /** The cleaner is at work. */
  public void alive() {
    lastLook.setToCurrentTime();
  }
}
