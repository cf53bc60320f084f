// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.directory;

import io.jangada.common.TopicIdPartition;
import io.jangada.record.RecordBatch;
import io.jangada.replication.journal.Journal;
import io.jangada.replication.journal.JournalEntry;
import io.jangada.replication.journal.JournaledLog;
import io.jangada.replication.log.LogEnd;
import io.jangada.replication.log.PartitionLog;
import io.jangada.replication.log.ReachedState;
import io.jangada.replication.log.WriteAhead;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A log of the directory, between its owner, the journal and the thread that writes segments. */
public final class DirectoryLog implements JournaledLog, WriteAhead {
  private final TopicIdPartition partition;
  private final String topic;
  private final Journal journal;
  private final PartitionLog log;
  private volatile @Nullable LogOwner owner;

  /** What its producers had done when it was recovered, until somebody owns it. */
  private @Nullable ByteBuffer recoveredProducers;

  private volatile boolean removing;

  DirectoryLog(TopicIdPartition partition, String topic, Journal journal, PartitionLog log) {
    this.partition = partition;
    this.topic = topic;
    this.journal = journal;
    this.log = log;
  }

  /** Whose log. */
  public TopicIdPartition partition() {
    return partition;
  }

  /** The name of its topic. */
  public String topic() {
    return topic;
  }

  /** The log itself. */
  public PartitionLog log() {
    return log;
  }

  /** Says who is to be told of what becomes of it. Once, before the log is changed. */
  public synchronized void owner(LogOwner newOwner) {
    owner = newOwner;
    recoveredProducers = null;
  }

  /** It is as recovery has left it. */
  synchronized void recoveredWith(ByteBuffer producers) {
    recoveredProducers = producers;
  }

  /** Has the state that recovery has found put down, unless somebody owns the log meanwhile. */
  synchronized void checkpointRecovered() {
    ByteBuffer producers = recoveredProducers;
    if (producers != null) {
      log.mark(producers);
    }
  }

  @Nullable LogOwner owner() {
    return owner;
  }

  /** It is going to be removed; its owner has let go of it. */
  void removing() {
    removing = true;
  }

  boolean isRemoving() {
    return removing;
  }

  /** Has the log's state put down. Owner only. */
  public void checkpoint(ByteBuffer producers) {
    log.mark(producers);
  }

  // ---- the journal as the log sees it

  @Override
  public long batches(List<RecordBatch> batches, LogEnd endAfter) {
    return journal.append(this, new JournalEntry.Batches(partition, batches), endAfter);
  }

  @Override
  public long truncated(long toOffset, LogEnd endAfter) {
    return journal.append(this, new JournalEntry.Truncated(partition, toOffset), endAfter);
  }

  @Override
  public long reset(long toOffset, LogEnd endAfter) {
    return journal.append(this, new JournalEntry.Reset(partition, toOffset), endAfter);
  }

  @Override
  public long logStart(long offset, LogEnd endAfter) {
    return journal.append(this, new JournalEntry.LogStart(partition, offset), endAfter);
  }

  // ---- the log as the journal sees it

  @Override
  public void durable(long number, LogEnd end) {
    log.journaled(number, end);
    tell();
  }

  // ---- the log as the thread that writes segments sees it

  /** The files have got on. */
  void written(long nowNanos) {
    tell();
    LogOwner asked = owner;
    if (asked != null
        && !log.progress().isMarked()
        && log.progress().isCheckpointDue(0, nowNanos)) {
      asked.checkpointDue();
    }
  }

  /** The state is durable and committed. */
  void checkpointed(ReachedState state) {
    log.checkpointed(state);
    tell();
  }

  private void tell() {
    LogOwner told = owner;
    if (told != null) {
      log.progress().durableAdvanced().ifPresent(told::durable);
    }
  }

  @Override
  public String toString() {
    return topic + "-" + partition.partition();
  }
}
