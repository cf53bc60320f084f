// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.JangadaException;
import io.jangada.replication.compaction.CompactionPlan;
import io.jangada.replication.core.ReplicaRole;
import io.jangada.replication.log.CorruptLogException;
import io.jangada.replication.log.LogCompaction;
import io.jangada.replication.metrics.CompactionMetrics;
import io.jangada.replication.metrics.ReplicationMetrics;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that compacts logs, one at a time, the one that needs it most first. Each replica
 * compacts its own log, the leader's and the followers' alike.
 *
 * <p>A log whose pass fails is set aside for a while, longer each time; the others go on. Whatever
 * ends the thread's work is logged and counted, and the work begins again.
 */
final class LogCleaner implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(LogCleaner.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long FIRST_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int MAX_BACKOFF_SHIFT = 6;
  private static final long PRODUCERS_MS = 10_000;

  private final Supplier<List<LocalPartition>> partitions;
  private final ReplicationLimits limits;
  private final CompactionMetrics metrics;
  private final ReplicationMetrics all;
  private final Map<LocalPartition, SetAside> setAside = new HashMap<>();
  private final Thread thread;
  private volatile boolean closing;

  /** A partition whose pass has failed so many times in a row. */
  private record SetAside(int times, long untilNanos) {}

  /** A log with something to do. */
  private record Candidate(LocalPartition partition, CompactionPlan plan, Cleanup cleanup) {
    double urgency() {
      return (plan.overdue() ? 1 : 0) + plan.dirtyRatio();
    }
  }

  LogCleaner(
      Supplier<List<LocalPartition>> partitions,
      ReplicationLimits limits,
      ReplicationMetrics metrics) {
    this.partitions = partitions;
    this.limits = limits;
    this.metrics = metrics.compaction();
    this.all = metrics;
    thread = new Thread(this::run, "jangada-compaction");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!closing) {
      try {
        work();
      } catch (RuntimeException | Error e) {
        // Among them a lack of memory: the next round begins with none held.
        logger.error("log compaction failed; it begins again", e);
        metrics.restarted();
        all.defect("compaction");
        park();
      }
    }
  }

  private void work() {
    while (!closing) {
      Candidate next = look();
      if (next == null) {
        park();
      } else {
        compact(next);
      }
    }
  }

  private void park() {
    if (!closing) {
      LockSupport.parkNanos(this, LOOK_NANOS);
    }
  }

  /** The log that needs it most, if one is due. */
  private @Nullable Candidate look() {
    List<LocalPartition> here = partitions.get();
    setAside.keySet().retainAll(new HashSet<>(here));
    Candidate most = null;
    int due = 0;
    double maxRatio = 0;
    for (LocalPartition each : here) {
      Optional<Candidate> candidate = candidate(each);
      if (candidate.isPresent()) {
        maxRatio = Math.max(maxRatio, candidate.get().plan().dirtyRatio());
        if (candidate.get().plan().isDue(candidate.get().cleanup().compaction()) && !waits(each)) {
          due++;
          most =
              most == null || candidate.get().urgency() > most.urgency() ? candidate.get() : most;
        }
      }
    }
    metrics.looked(due, setAside.size(), maxRatio);
    return most;
  }

  private boolean waits(LocalPartition partition) {
    SetAside since = setAside.get(partition);
    return since != null && System.nanoTime() - since.untilNanos() < 0;
  }

  private Optional<Candidate> candidate(LocalPartition partition) {
    Cleanup cleanup = partition.settings().cleanup();
    PartitionStatus status = partition.status();
    if (!cleanup.compact()
        || status.role() == ReplicaRole.Kind.OFFLINE
        || !partition.damage().isEmpty()
        || partition.directory().failed()) {
      return Optional.empty();
    }
    LogCompaction log = partition.log().compaction();
    try {
      return CompactionPlan.of(
              log.closed(),
              log.compactedTo(),
              status.view().highWatermark(),
              cleanup.compaction(),
              System.currentTimeMillis())
          .map(plan -> new Candidate(partition, plan, cleanup));
    } catch (IOException e) {
      // It is being removed or cut; or it will be seen to be damaged when it is read.
      logger.debug("{}: cannot be looked at", partition, e);
      return Optional.empty();
    }
  }

  private void compact(Candidate candidate) {
    LocalPartition partition = candidate.partition();
    long beganNanos = System.nanoTime();
    try {
      if (!hasRoom(candidate)) {
        setAside(partition, "expected room for another copy of its segments on the disk", null);
        return;
      }
      Map<Long, Long> lasts =
          lastOffsetsOfProducers(partition, candidate.plan().segments().getLast().endOffset())
              .get(PRODUCERS_MS, TimeUnit.MILLISECONDS);
      CompactionPass pass =
          new CompactionPass(
              partition.log().compaction(),
              limits.compactionBytes(),
              new Pacer(limits.compactionBytesPerSecond(), () -> closing, metrics::alive),
              metrics);
      boolean done =
          pass.run(
              candidate.plan(),
              new CompactionPass.Terms(
                  candidate.cleanup().compaction().deleteRetentionMs(),
                  System.currentTimeMillis(),
                  partition.settings().segmentBytes(),
                  (producerId, lastOffset) -> lasts.getOrDefault(producerId, -1L) == lastOffset));
      metrics.passed(done, System.nanoTime() - beganNanos);
      setAside.remove(partition);
      logger.info(
          "{}: compaction {} of {} bytes, {} of them new, in {} ms",
          partition,
          done ? "has come to the end" : "was overtaken by a change of the log",
          candidate.plan().cleanBytes() + candidate.plan().dirtyBytes(),
          candidate.plan().dirtyBytes(),
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos));
    } catch (CompactionPass.WriteFailed e) {
      setAside(partition, "a compacted segment could not be written", e);
      partition.directory().compactionFailed(e.reason());
    } catch (CorruptLogException e) {
      setAside(partition, "its log is damaged", e);
      partition.unreadable(e);
    } catch (InterruptedException e) {
      // Nobody interrupts this thread but the end of the process.
      closing = true;
    } catch (IOException | JangadaException | ExecutionException | TimeoutException e) {
      setAside(partition, "it cannot be compacted", e);
    } catch (RuntimeException e) {
      setAside(partition, "a defect", e);
      throw e;
    }
  }

  /** Answered by the owner's thread, if that still runs. */
  private static CompletableFuture<Map<Long, Long>> lastOffsetsOfProducers(
      LocalPartition partition, long upTo) {
    CompletableFuture<Map<Long, Long>> result = new CompletableFuture<>();
    partition.loop().execute(() -> result.complete(partition.owner().lastOffsetsOfProducers(upTo)));
    return result;
  }

  private boolean hasRoom(Candidate candidate) throws IOException {
    long needed =
        Math.min(
            candidate.plan().cleanBytes() + candidate.plan().dirtyBytes(),
            candidate.partition().settings().segmentBytes());
    return candidate.partition().directory().usableBytes() - needed >= limits.diskReserveBytes();
  }

  private void setAside(LocalPartition partition, String why, @Nullable Exception e) {
    SetAside before = setAside.get(partition);
    int times = before == null ? 1 : before.times() + 1;
    long backoffNanos = FIRST_BACKOFF_NANOS << Math.min(times - 1, MAX_BACKOFF_SHIFT);
    setAside.put(partition, new SetAside(times, System.nanoTime() + backoffNanos));
    metrics.failed();
    logger.error(
        "{}: not compacted, {} times in a row now, and not tried again for {} s: {}",
        partition,
        times,
        TimeUnit.NANOSECONDS.toSeconds(backoffNanos),
        why,
        e);
  }

  /** Ends the thread, also within a pass: what that has not finished is as if it were not begun. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive() && Thread.currentThread() != thread) {
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
}
