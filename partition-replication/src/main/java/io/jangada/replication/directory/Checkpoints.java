// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.directory;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.journal.Journal;
import io.jangada.replication.journal.JournalEntry;
import io.jangada.replication.journal.JournaledLog;
import io.jangada.replication.log.LogEnd;
import io.jangada.replication.log.PartitionLog;
import io.jangada.replication.log.ReachedState;
import io.jangada.replication.manifest.JournalMark;
import io.jangada.replication.manifest.Manifest;
import io.jangada.replication.manifest.ManifestEntry;
import io.jangada.replication.manifest.ManifestUpdate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Decides which logs have to put their state down, commits it to the manifest, many logs at a time,
 * and then lets go of what the journal holds of them. Used by the thread that writes segments,
 * unless said otherwise.
 *
 * <p>After each commit the journal is told the manifest's sequence, and nothing is released before
 * that is durable: so recovery knows which transaction the manifest must at least have.
 */
final class Checkpoints implements JournaledLog {
  /** Stands for the manifest itself among the journal's logs. */
  static final TopicIdPartition MANIFEST = new TopicIdPartition(new UUID(0, 0), 0);

  private static final LogEnd NO_END = new LogEnd(0, 0);

  private final Map<TopicIdPartition, DirectoryLog> logs;
  private final Manifest manifest;
  private final Journal journal;
  private final Runnable wake;
  private final long incarnation;
  private final List<Reached> reached = new ArrayList<>();
  private final List<Removal> removed = new ArrayList<>();

  /** The journal needs everything up to there in checkpoints; any thread. */
  private volatile long wantedUpTo;

  /** The journal has no file left to go on in; any thread. */
  private volatile boolean journalFull;

  private volatile boolean asked;
  private volatile boolean closing;

  /** The last entry about the manifest that is durable; any thread. */
  private volatile long durableMark;

  /** Logs that are being removed, and from which entry on that needs the journal. */
  private final Map<TopicIdPartition, Long> removing = new ConcurrentHashMap<>();

  private final Map<TopicIdPartition, String> damaged = new ConcurrentHashMap<>();
  private long lastMark;
  private long releaseAfterMark;

  private record Reached(DirectoryLog log, ReachedState state) {}

  /**
   * A log that is gone.
   *
   * @param done told once that is durable
   */
  record Removal(TopicIdPartition partition, Runnable done) {}

  Checkpoints(
      Map<TopicIdPartition, DirectoryLog> logs,
      Manifest manifest,
      Journal journal,
      JournalMark began,
      Runnable wake) {
    this.incarnation = began.incarnation();
    this.durableMark = began.number();
    this.logs = logs;
    this.manifest = manifest;
    this.journal = journal;
    this.wake = wake;
  }

  /** The journal's oldest file is full. Any thread. */
  void fileFull(long highestNumber, int freeFiles) {
    wantedUpTo = Math.max(wantedUpTo, highestNumber);
    journalFull = freeFiles == 0;
    asked = true;
    wake.run();
  }

  /**
   * Whether the journal may be standing still: then what waits for it has to go into the segments
   * without it, or the checkpoint that would free a file would wait for ever.
   */
  boolean journalFull() {
    return journalFull;
  }

  /** Whether the owners should be asked now. */
  boolean isAsked() {
    return asked || closing;
  }

  /** Asks the owners of the logs whose turn it is. */
  void request() {
    asked = false;
    long nowNanos = System.nanoTime();
    long upTo = wantedUpTo;
    for (DirectoryLog each : logs.values()) {
      PartitionLog log = each.log();
      LogOwner owner = each.owner();
      if (log.progress().isMarked()) {
        continue;
      }
      if (closing) {
        if (owner != null && !log.progress().isAtRest()) {
          log.rest(owner.producers());
        }
      } else if (log.progress().isCheckpointDue(upTo, nowNanos)) {
        if (owner == null) {
          // Nobody may ever own it, and the journal is not to be kept for it for ever.
          each.checkpointRecovered();
        } else if (each.isRemoving()) {
          each.checkpoint(owner.producers());
        } else {
          owner.checkpointDue();
        }
      }
    }
  }

  /** The log's files are in that state, durably. */
  void reached(DirectoryLog log, ReachedState state) {
    reached.add(new Reached(log, state));
  }

  /** The log's files are gone, durably. */
  void removed(Removal removal) {
    removed.add(removal);
  }

  /** All owners have stopped: everything is to be put down. Any thread. */
  void closing() {
    closing = true;
  }

  /** Whether everything is put down. */
  boolean isClean() {
    return !anyReached()
        && removing.isEmpty()
        && logs.values().stream()
            .allMatch(each -> each.owner() == null || each.log().progress().isAtRest());
  }

  /** The log must not be used any more, nor after the next start. Any thread. */
  void damaged(DirectoryLog log, String reason) {
    // Another log may have taken its place.
    if (logs.remove(log.partition(), log)) {
      damaged.put(log.partition(), reason);
      wake.run();
    }
  }

  /**
   * A log is going to be removed. Any thread.
   *
   * @param entry puts that down and returns the entry's number, from which on the journal is needed
   */
  void removing(TopicIdPartition partition, LongSupplier entry) {
    // In between nothing is released.
    removing.put(partition, 0L);
    removing.put(partition, entry.getAsLong());
  }

  boolean anyReached() {
    return !reached.isEmpty() || !removed.isEmpty() || !damaged.isEmpty();
  }

  /**
   * Commits what was reached.
   *
   * @throws IOException if there was no room, it may be tried again
   */
  void commit() throws IOException {
    List<ManifestEntry> entries = new ArrayList<>(reached.size());
    for (Reached each : reached) {
      entries.add(
          new ManifestEntry(each.log().partition(), each.log().topic(), each.state().checkpoint()));
    }
    removed.forEach(each -> damaged.remove(each.partition()));
    Map<TopicIdPartition, String> nowDamaged = Map.copyOf(damaged);
    manifest.commit(
        new ManifestUpdate(
            entries,
            removed.stream().map(Removal::partition).toList(),
            nowDamaged,
            new JournalMark(incarnation, durableMark)));
    damaged.keySet().removeAll(nowDamaged.keySet());
    reached.forEach(each -> each.log().checkpointed(each.state()));
    reached.clear();
    // Those that were on their way to another checkpoint were not asked before.
    asked = true;
    for (Removal each : removed) {
      logs.remove(each.partition());
      removing.remove(each.partition());
      each.done().run();
    }
    removed.clear();
    // Its number comes first: what is appended to a log from here on has a higher one, and what was
    // appended before is seen by the look at the logs.
    long mark =
        journal.append(this, new JournalEntry.LogStart(MANIFEST, manifest.sequence()), NO_END);
    long release = mark - 1;
    for (DirectoryLog each : logs.values()) {
      release = Math.min(release, each.log().progress().neededNumber() - 1);
    }
    for (long number : removing.values()) {
      release = Math.min(release, number - 1);
    }
    if (journalFull) {
      // The entry about the manifest would wait for what is freed only now.
      journal.release(release);
    }
    lastMark = mark;
    releaseAfterMark = release;
  }

  /** Lets go of what is not needed any more. */
  void release() {
    if (lastMark != 0 && durableMark >= lastMark) {
      lastMark = 0;
      journal.release(releaseAfterMark);
    }
  }

  @Override
  public void durable(long number, LogEnd end) {
    durableMark = number;
    // It moves on: should it be full again, it has said so after this.
    journalFull = false;
    wake.run();
  }
}
