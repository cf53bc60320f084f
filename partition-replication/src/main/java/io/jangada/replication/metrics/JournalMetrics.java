// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.util.function.DoubleSupplier;

/** What the journals of all log directories count. Thread-safe. */
public final class JournalMetrics {
  private static final double[] WRITE_SECONDS = {
    .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5
  };
  private static final double[] GROUP_BYTES = {
    4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20
  };
  private static final double[] GROUP_ENTRIES = {1, 2, 4, 8, 16, 32, 64, 128, 256, 1024};

  private final Counter bytes;
  private final Counter seals;
  private final Histogram groupBytes;
  private final Histogram groupEntries;
  private final Histogram writeSeconds;
  private final Counter waits;
  private final Counter waitedSeconds;
  private final Gauge freeFiles;
  private final Gauge usedBytes;
  private final Gauge queuedBytes;
  private final Gauge oldestSyncAge;

  JournalMetrics(CollectorRegistry registry) {
    bytes = Counter.build("jangada_journal_bytes_total", "Bytes written.").register(registry);
    seals =
        Counter.build("jangada_journal_seals_total", "Empty groups that seal an idle journal.")
            .register(registry);
    groupBytes =
        Histogram.build("jangada_journal_group_bytes", "Sizes of groups; their count is groups.")
            .buckets(GROUP_BYTES)
            .register(registry);
    groupEntries =
        Histogram.build("jangada_journal_group_entries", "Entries made durable by one write.")
            .buckets(GROUP_ENTRIES)
            .register(registry);
    writeSeconds =
        Histogram.build("jangada_journal_write_seconds", "Time until a group was durable.")
            .buckets(WRITE_SECONDS)
            .register(registry);
    waits =
        Counter.build("jangada_journal_waits_total", "Times that no journal file was free.")
            .register(registry);
    waitedSeconds =
        Counter.build("jangada_journal_waited_seconds_total", "Time without a free journal file.")
            .register(registry);
    freeFiles = gauge(registry, "free_files", "Journal files that can be written over.");
    usedBytes = gauge(registry, "used_bytes", "Bytes that wait for a checkpoint.");
    queuedBytes = gauge(registry, "queued_bytes", "Bytes that wait for a group.");
    oldestSyncAge =
        gauge(registry, "oldest_sync_age_seconds", "Age of the oldest entry under way.");
  }

  private static Gauge gauge(CollectorRegistry registry, String name, String help) {
    return Gauge.build("jangada_journal_" + name, help).labelNames("directory").register(registry);
  }

  /** A group of entries became durable. */
  public void groupWritten(long groupSize, int entries, long nanos) {
    bytes.inc((double) groupSize);
    groupBytes.observe((double) groupSize);
    groupEntries.observe(entries);
    writeSeconds.observe(nanos / Collector.NANOSECONDS_PER_SECOND);
  }

  /** An empty group was written. */
  public void sealed(long groupSize) {
    bytes.inc((double) groupSize);
    seals.inc();
  }

  /** No file was free. */
  public void waitBegan() {
    waits.inc();
  }

  /** A file is free again. */
  public void waited(long nanos) {
    waitedSeconds.inc(nanos / Collector.NANOSECONDS_PER_SECOND);
  }

  /** What is to be asked at each scrape, from any thread, about the journal of a directory. */
  public void watch(
      String directory,
      DoubleSupplier free,
      DoubleSupplier used,
      DoubleSupplier queued,
      DoubleSupplier ageSeconds) {
    set(freeFiles, directory, free);
    set(usedBytes, directory, used);
    set(queuedBytes, directory, queued);
    set(oldestSyncAge, directory, ageSeconds);
  }

  private static void set(Gauge gauge, String directory, DoubleSupplier value) {
    gauge.setChild(
        new Gauge.Child() {
          @Override
          public double get() {
            return value.getAsDouble();
          }
        },
        directory);
  }

  /** Forgets the journal of a directory. */
  public void unwatch(String directory) {
    freeFiles.remove(directory);
    usedBytes.remove(directory);
    queuedBytes.remove(directory);
    oldestSyncAge.remove(directory);
  }
}
