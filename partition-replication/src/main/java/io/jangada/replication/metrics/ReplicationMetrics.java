// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.metrics;

import io.jangada.common.ErrorCode;
import io.jangada.replication.core.AppendResult;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.GaugeMetricFamily;
import io.prometheus.client.Histogram;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/** The module's counters and histograms, and a way to add gauges. Thread-safe. */
public final class ReplicationMetrics {
  private static final double[] FSYNC_SECONDS = {
    .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5
  };
  private static final double[] GROUP_LOGS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 1024};

  private final CollectorRegistry registry;
  private final Counter appendedBytes;
  private final Counter appendedRecords;
  private final Counter rejectedAppends;
  private final Counter pushedBytes;
  private final Counter.Child movedToCatchUp;
  private final Counter.Child movedToLive;
  private final Counter coldReads;
  private final Counter expiredOffsets;
  private final Counter isrShrinks;
  private final Counter isrGrows;
  private final Counter resignations;
  private final Counter defects;
  private final Counter quarantined;
  private final Counter rebuilt;
  private final Counter truncatedTailBytes;
  private final Counter.Child appendedAsLeaderBytes;
  private final Counter.Child appendedAsFollowerBytes;
  private final Histogram fsyncSeconds;
  private final Histogram groupLogs;
  private final JournalMetrics journal;
  private final CompactionMetrics compaction;

  /** Registers everything. */
  public ReplicationMetrics(CollectorRegistry registry) {
    this.registry = registry;
    appendedBytes =
        Counter.build("jangada_log_appended_bytes_total", "Bytes written to logs, by role.")
            .labelNames("role")
            .register(registry);
    appendedRecords =
        counter("jangada_log_appended_records_total", "Records that producers had appended.");
    rejectedAppends =
        Counter.build("jangada_appends_rejected_total", "Appends not done, by error code.")
            .labelNames("code")
            .register(registry);
    pushedBytes =
        counter("jangada_replication_pushed_bytes_total", "Batch bytes pushed to followers.");
    Counter moved =
        Counter.build(
                "jangada_replication_moved_total",
                "Followers that were moved to another channel, by where they went.")
            .labelNames("channel")
            .register(registry);
    movedToCatchUp = moved.labels("catch-up");
    movedToLive = moved.labels("live");
    expiredOffsets =
        counter("jangada_log_expired_offsets_total", "Offsets led here that retention let go.");
    coldReads = counter("jangada_log_cold_reads_total", "Reads that went to the disk.");
    isrShrinks = counter("jangada_isr_shrinks_total", "Times an ISR led here lost a member.");
    isrGrows = counter("jangada_isr_grows_total", "Times an ISR led here gained a member.");
    resignations =
        counter(
            "jangada_leader_resignations_total",
            "Times a leader here asked for another one because followers do not reach it.");
    defects =
        Counter.build(
                "jangada_replication_defects_total",
                "Exceptions that nobody expects, by the component that ended for it.")
            .labelNames("component")
            .register(registry);
    quarantined =
        counter("jangada_replicas_quarantined_total", "Damaged logs that were moved aside.");
    rebuilt =
        counter(
            "jangada_replicas_rebuilt_total",
            "Replicas that have been fetched anew in the place of a damaged log.");
    truncatedTailBytes =
        counter("jangada_log_torn_tail_bytes_total", "Bytes cut from torn tails by recovery.");
    fsyncSeconds =
        Histogram.build("jangada_fsync_seconds", "Time that one file's sync takes.")
            .buckets(FSYNC_SECONDS)
            .register(registry);
    groupLogs =
        Histogram.build("jangada_commit_group_logs", "Logs made durable by one group commit.")
            .buckets(GROUP_LOGS)
            .register(registry);
    journal = new JournalMetrics(registry);
    compaction = new CompactionMetrics(registry);
    appendedAsLeaderBytes = appendedBytes.labels("leader");
    appendedAsFollowerBytes = appendedBytes.labels("follower");
  }

  /** What the journals count. */
  public JournalMetrics journal() {
    return journal;
  }

  /** What log compaction counts. */
  public CompactionMetrics compaction() {
    return compaction;
  }

  /** A producer's batch was written. */
  public void appendedAsLeader(long bytes, long records) {
    appendedAsLeaderBytes.inc((double) bytes);
    appendedRecords.inc((double) records);
  }

  /** A pushed batch was written. */
  public void appendedAsFollower(long bytes) {
    appendedAsFollowerBytes.inc((double) bytes);
  }

  /** A leader asked for another one in its place. */
  public void resigned() {
    resignations.inc();
  }

  /** A component ended by an exception that nobody expects. */
  public void defect(String component) {
    defects.labels(component).inc();
  }

  /** A damaged log was moved aside. */
  public void quarantined() {
    quarantined.inc();
  }

  /** A replica has been fetched anew. */
  public void rebuilt() {
    rebuilt.inc();
  }

  /** An append failed. */
  public void rejected(ErrorCode code) {
    rejectedAppends.labels(code.name()).inc();
  }

  /** An append ended so; counted unless it succeeded. */
  public void rejected(AppendResult result) {
    switch (result) {
      case AppendResult.Appended ignored -> {}
      case AppendResult.UnexpectedOffset ignored -> rejected(ErrorCode.UNEXPECTED_OFFSET);
      case AppendResult.InvalidRecords invalid -> rejected(invalid.code());
      case AppendResult.Failed failed -> rejected(failed.code());
    }
  }

  /** Batches went out to a follower. */
  public void pushed(long bytes) {
    pushedBytes.inc((double) bytes);
  }

  /** A follower was moved to the channel for catching up, or back. */
  public void moved(boolean toCatchUp) {
    (toCatchUp ? movedToCatchUp : movedToLive).inc();
  }

  /** Retention let so many offsets go. */
  public void expired(long offsets) {
    expiredOffsets.inc((double) offsets);
  }

  /** A read missed the tail cache. */
  public void coldRead() {
    coldReads.inc();
  }

  /** An ISR led here changed its size. */
  public void isrChanged(int before, int after) {
    if (after < before) {
      isrShrinks.inc();
    } else if (after > before) {
      isrGrows.inc();
    }
  }

  /** Recovery cut a torn tail. */
  public void tornTail(long bytes) {
    truncatedTailBytes.inc((double) bytes);
  }

  /** One log was synced. */
  public void synced(long nanos) {
    fsyncSeconds.observe(nanos / Collector.NANOSECONDS_PER_SECOND);
  }

  /** A group commit ended. */
  public void groupCommitted(int logs) {
    groupLogs.observe(logs);
  }

  /** Registers a gauge that is asked at each scrape, from any thread. */
  public void gauge(String name, String help, DoubleSupplier value) {
    Collector collector =
        new Collector() {
          @Override
          public List<MetricFamilySamples> collect() {
            List<MetricFamilySamples> families = new ArrayList<>();
            families.add(new GaugeMetricFamily(name, help, value.getAsDouble()));
            return families;
          }
        };
    registry.register(collector);
  }

  private Counter counter(String name, String help) {
    return Counter.build(name, help).register(registry);
  }
}
