// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.directory;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.journal.Journal;
import io.jangada.replication.journal.JournalConfig;
import io.jangada.replication.journal.JournalEntry;
import io.jangada.replication.journal.JournalExpectation;
import io.jangada.replication.journal.JournalFilesReader;
import io.jangada.replication.journal.JournalListener;
import io.jangada.replication.journal.JournalReader;
import io.jangada.replication.journal.JournalStart;
import io.jangada.replication.journal.JournalTail;
import io.jangada.replication.journal.WriteAheadJournal;
import io.jangada.replication.log.LogConfig;
import io.jangada.replication.log.LogEnd;
import io.jangada.replication.log.OpenFiles;
import io.jangada.replication.log.PartitionLog;
import io.jangada.replication.log.TailCache;
import io.jangada.replication.manifest.JournalMark;
import io.jangada.replication.manifest.Manifest;
import io.jangada.replication.manifest.ManifestContent;
import io.jangada.replication.manifest.ManifestUpdate;
import io.jangada.replication.metrics.ReplicationMetrics;
import io.jangada.replication.storage.AlignedBuffers;
import io.jangada.replication.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log directory in use. It holds {@code journal/}, {@code manifest}, a directory for each log
 * that ever had a batch written to its segments, {@code history}, and, where there is need, {@code
 * quarantine/}, {@code kept-aside/} and {@code doubts}.
 *
 * <p>It fails as a whole: after the first failed write or sync nothing in it is written any more
 * (rule 22). Thread-safe.
 */
public final class LogDirectory implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(LogDirectory.class);
  private static final String JOURNAL = "journal";
  private static final String MANIFEST = "manifest";
  private static final int SLAB_BYTES = 1 << 20;
  private static final LogEnd NO_END = new LogEnd(0, 0);

  private final LogDirectoryConfig config;
  private final Storage storage;
  private final OpenFiles openFiles;
  private final TailCache cache;
  private final Consumer<IOException> onFailure;
  private final Map<TopicIdPartition, DirectoryLog> logs = new ConcurrentHashMap<>();
  private final AtomicBoolean failed = new AtomicBoolean();
  private final PendingFlushes flushes;
  private final List<FoundLog> found = new ArrayList<>();
  private final Journal journal;
  private final Manifest manifest;
  private final Checkpoints checkpoints;
  private final SegmentWriter writer;
  private final Quarantine quarantine;
  private final Doubts doubts;
  private final KeptAside kept;
  private volatile @Nullable SegmentWriter started;
  private volatile boolean nearlyFull;

  private LogDirectory(
      LogDirectoryConfig config,
      Storage storage,
      OpenFiles openFiles,
      TailCache cache,
      ReplicationMetrics metrics,
      Consumer<IOException> onFailure)
      throws IOException {
    this.config = config;
    this.storage = storage;
    this.openFiles = openFiles;
    this.cache = cache;
    this.onFailure = onFailure;
    quarantine = new Quarantine(storage, config.path(), config.quarantineMaxBytes());
    quarantine.trim();
    kept = KeptAside.read(storage, config.path());
    flushes = new PendingFlushes(config.maxPendingBytes(), this::wake);
    Path manifestPath = config.path().resolve(MANIFEST);
    ManifestContent content = ManifestContent.read(storage, manifestPath, config.id());
    JournalConfig journalConfig = journalConfig(config);
    JournalExpectation expectation =
        new JournalExpectation(content.journal().incarnation(), content.journal().number());
    JournalReader reader = new JournalFilesReader(storage, journalConfig, expectation);
    ByteBuffer slab = AlignedBuffers.allocate(SLAB_BYTES);
    DirectoryRecovery.Result recovered =
        new DirectoryRecovery(
                config.path(),
                openFiles,
                storage,
                cache,
                flushes,
                slab,
                config.maxPendingBytes(),
                config.recoveryThreads())
            .run(content, reader);
    // Before anything is repaired on the disk.
    doubts = Doubts.read(storage, config.path());
    noteDoubts(recovered);
    JournalStart from = startOf(recovered, content.journal());
    manifest =
        Manifest.create(
            storage,
            manifestPath,
            config.id(),
            Math.max(content.sequence(), recovered.namedSequence()),
            new ManifestUpdate(
                recovered.manifest(), List.of(), recovered.damaged(), content.journal()));
    FromJournal listener = new FromJournal();
    journal = WriteAheadJournal.start(storage, journalConfig, from, listener, metrics);
    JournalMark mark = new JournalMark(from.incarnation(), from.firstNumber() - 1);
    manifest.commit(new ManifestUpdate(List.of(), List.of(), Map.of(), mark));
    checkpoints = new Checkpoints(logs, manifest, journal, mark, this::wake);
    writer =
        new SegmentWriter(
            config.path(),
            openFiles,
            storage,
            flushes,
            checkpoints,
            slab,
            config.maxPendingBytes(),
            this::fail);
    takeOver(recovered);
    started = writer;
    writer.start();
  }

  private static JournalStart startOf(DirectoryRecovery.Result recovered, JournalMark before) {
    JournalExpectation known =
        new JournalExpectation(before.incarnation(), recovered.highestNumber());
    JournalTail tail = recovered.tail();
    return tail == null
        ? JournalStart.after(recovered.journal(), known)
        : JournalStart.behind(recovered.journal(), tail, known);
  }

  private static JournalConfig journalConfig(LogDirectoryConfig config) {
    JournalConfig defaults = JournalConfig.of(config.path().resolve(JOURNAL), config.id());
    return new JournalConfig(
        defaults.directory(),
        defaults.directoryId(),
        config.journalFileBytes(),
        config.journalMaxBytes(),
        (int) Math.min(defaults.groupBytes(), config.journalFileBytes() / 4),
        defaults.sealAfterMs());
  }

  /**
   * Recovers the directory, which is created if it is absent, and takes it into use. Blocks until
   * every log is as it was.
   *
   * @param onFailure called once if the directory fails, by any thread; must only enqueue
   * @throws IOException if the directory cannot be used at all
   */
  public static LogDirectory open(
      LogDirectoryConfig config,
      Storage storage,
      OpenFiles openFiles,
      TailCache cache,
      ReplicationMetrics metrics,
      Consumer<IOException> onFailure)
      throws IOException {
    storage.createDirectories(config.path().resolve(JOURNAL));
    return new LogDirectory(config, storage, openFiles, cache, metrics, onFailure);
  }

  private void takeOver(DirectoryRecovery.Result recovered) throws IOException {
    Set<TopicIdPartition> rebuilding = quarantine.rebuilding();
    for (RecoveringLog each : recovered.logs()) {
      PartitionLog log = each.log();
      if (log == null || !each.damage().isEmpty()) {
        logger.error(
            "{}: {}-{} is damaged; the replica stays offline: {}",
            config.path(),
            each.topic(),
            each.partition(),
            each.damage());
        found.add(new FoundLog.Damaged(each.partition(), each.topic(), each.damage()));
        continue;
      }
      DirectoryLog owned = new DirectoryLog(each.partition(), each.topic(), journal, log);
      each.goLive(log, owned);
      owned.recoveredWith(ProducerSnapshot.encode(each.producers()));
      add(owned);
      found.add(
          new FoundLog.Usable(
              owned,
              RecoveringLog.state(log, each.producers()),
              rebuilding.remove(each.partition()),
              doubts.of(each.partition()),
              each.isSynced()));
    }
    for (TopicIdPartition stale : rebuilding) {
      if (found.stream().noneMatch(each -> each.partition().equals(stale))) {
        quarantine.endRebuild(stale);
      }
    }
  }

  private void noteDoubts(DirectoryRecovery.Result recovered) throws IOException {
    Map<TopicIdPartition, String> reasons = new HashMap<>();
    for (RecoveringLog each : recovered.logs()) {
      reasons.put(each.partition(), doubt(each, recovered));
    }
    doubts.note(reasons.keySet(), id -> reasons.getOrDefault(id, ""));
  }

  private static String doubt(RecoveringLog log, DirectoryRecovery.Result recovered) {
    if (!recovered.doubt().isEmpty()) {
      return recovered.doubt();
    }
    return log.isRebuilt() ? "the log was put together from its segments" : log.doubt();
  }

  /**
   * Notes why a log may have had more than it has, over any restart until {@link #settleDoubts}.
   * Blocks.
   */
  public void doubt(TopicIdPartition partition, String reason) throws IOException {
    doubts.note(List.of(partition), id -> reason);
  }

  /** The quorum has taken note of what {@link #found} says. Blocks. */
  public void settleDoubts() throws IOException {
    doubts.settle();
  }

  private void add(DirectoryLog log) {
    logs.put(log.partition(), log);
    writer.add(log);
  }

  private void wake() {
    SegmentWriter running = started;
    if (running != null) {
      running.wake();
    }
  }

  private void fail(IOException cause) {
    if (failed.compareAndSet(false, true)) {
      SegmentWriter running = started;
      if (running != null) {
        running.abort();
      }
      onFailure.accept(cause);
    }
  }

  /**
   * Log compaction could not write or sync. Unless only room was wanting, nothing is written here
   * any more. Any thread.
   */
  public void compactionFailed(IOException cause) {
    if (!FullDisk.is(cause)) {
      fail(cause);
    }
  }

  /** Its identity and place. */
  public LogDirectoryConfig config() {
    return config;
  }

  /** The logs that recovery found. */
  public List<FoundLog> found() {
    return found;
  }

  /** Whether there is such a log, perhaps one that is being removed. */
  public boolean holds(TopicIdPartition partition) {
    return logs.containsKey(partition);
  }

  /** The number of logs in it. */
  public int size() {
    return logs.size();
  }

  /** Whether it has failed. */
  public boolean failed() {
    return failed.get();
  }

  /** Bytes that wait in memory for their segments. */
  public long pendingBytes() {
    return flushes.bytes();
  }

  /** Bytes that can still be written. Blocks. */
  public long usableBytes() throws IOException {
    return storage.usableBytes(config.path());
  }

  /** Looks whether less than the reserve can still be written. Blocks. */
  public void measureRoom(long reserveBytes) throws IOException {
    nearlyFull = usableBytes() < reserveBytes;
  }

  /** Rule 20: whether appends are to be refused before anything is done, as last measured. */
  public boolean nearlyFull() {
    return nearlyFull;
  }

  /** Milliseconds since the oldest unfinished write began that records wait for; 0 if none runs. */
  public long oldestSyncAgeMs() {
    return Math.max(journal.oldestSyncAgeMs(), writer.oldestWriteAgeMs());
  }

  /**
   * A new log, empty. Nothing is written but the journal.
   *
   * @throws IllegalStateException if there is one of that identity
   */
  public DirectoryLog create(TopicIdPartition partition, String topic) {
    Path path = PartitionDirectory.path(config.path(), partition, topic);
    PartitionLog log = PartitionLog.create(openFiles, path, LogConfig.DEFAULT, cache, flushes);
    DirectoryLog owned = new DirectoryLog(partition, topic, journal, log);
    if (logs.putIfAbsent(partition, owned) != null) {
      throw new IllegalStateException("expected no log of " + partition + ", but there is one");
    }
    writer.add(owned);
    log.goLive(owned);
    // Known before it is in the journal: whoever releases what is in there will see it.
    log.noted(() -> journal.append(owned, new JournalEntry.Created(partition, topic), NO_END));
    return owned;
  }

  /**
   * Removes the log with its files, also one that was found damaged. Its owner has let go of it.
   *
   * @param done called once it is gone for good, by any thread
   */
  public void remove(TopicIdPartition partition, String topic, Runnable done) {
    DirectoryLog owned = logs.get(partition);
    Path path = pathOf(partition, topic, owned);
    remove(partition, owned, path, PartitionDirectory.deleted(path, System.nanoTime()), done);
  }

  /**
   * Moves a damaged log aside, so that another one can be begun in its place, which is then {@link
   * #rebuilt}. Its owner has let go of it. Blocks.
   *
   * @param owned the log, if it could be opened
   * @param done called once it is durably so, by any thread
   * @throws IOException if there is no place for it: nothing has changed
   */
  public void setAside(
      TopicIdPartition partition, String topic, @Nullable DirectoryLog owned, Runnable done)
      throws IOException {
    quarantine.beginRebuild(partition);
    Path path = pathOf(partition, topic, owned);
    Path aside = quarantine.place(path);
    logger.error("{}: moving the damaged log {} to {}", config.path(), path, aside);
    remove(partition, owned, path, aside, done);
  }

  /**
   * Moves a log that the metadata does not know aside, whole: it is in use no more, and nobody
   * removes it. Its owner has let go of it. Blocks.
   *
   * @param owned the log, if it could be opened
   * @param done called once it is durably so, by any thread
   * @throws IOException if there is no place for it: nothing has changed
   */
  public void keepAside(
      TopicIdPartition partition, String topic, @Nullable DirectoryLog owned, Runnable done)
      throws IOException {
    Path path = pathOf(partition, topic, owned);
    Path aside = kept.place(path);
    // First the files, then the entry that says that the log is gone: in between the next start
    // finds neither, and what it makes of the journal is moved aside once more.
    writer.keepAside(
        owned == null ? null : owned.log(),
        path,
        aside,
        () ->
            remove(
                partition, owned, path, PartitionDirectory.deleted(path, System.nanoTime()), done));
  }

  /** The history of the metadata that the directory follows; empty if that is unknown. */
  public Optional<UUID> history() {
    return kept.history();
  }

  /** All that is in use here is of that history; durable when it returns. Blocks. */
  public void follows(UUID history) throws IOException {
    kept.follows(history);
    kept.look();
  }

  /** How many logs were moved aside for people to decide about, as of the last look. */
  public int keptAside() {
    return kept.count();
  }

  /** The log has been fetched anew, so far that it counts. Blocks. */
  public void rebuilt(TopicIdPartition partition) throws IOException {
    quarantine.endRebuild(partition);
  }

  /** Keeps what was set aside within its bound. Blocks. */
  public void trimQuarantine() throws IOException {
    quarantine.trim();
  }

  /** Bytes of damaged logs that were set aside, as of the last look. */
  public long quarantinedBytes() {
    return quarantine.bytes();
  }

  private Path pathOf(TopicIdPartition partition, String topic, @Nullable DirectoryLog owned) {
    return owned == null
        ? PartitionDirectory.path(config.path(), partition, topic)
        : owned.log().directory();
  }

  private void remove(
      TopicIdPartition partition,
      @Nullable DirectoryLog owned,
      Path path,
      Path doomed,
      Runnable done) {
    if (failed()) {
      done.run();
      return;
    }
    JournalEntry entry = new JournalEntry.Removed(partition);
    PartitionLog log = owned == null ? null : owned.log();
    if (owned != null) {
      owned.removing();
    }
    // No checkpoint of the log contains it: only when the files are gone, the log is.
    checkpoints.removing(
        partition,
        () ->
            journal.append(
                (n, end) -> writer.remove(partition, log, path, doomed, done), entry, NO_END));
  }

  /** The log cannot be used any more, nor after the next start. Any thread. */
  public void damaged(DirectoryLog log, String reason) {
    writer.damaged(log, reason);
  }

  /** Removes the files of logs that are gone; blocks. What is left over, the next start removes. */
  public void deleteRemoved() throws IOException {
    for (Path path : storage.list(config.path())) {
      if (PartitionDirectory.isDeleted(path)) {
        DirectoryRecovery.delete(storage, path);
      }
    }
  }

  /**
   * Puts the state of all logs down, if it has not failed, and ends. The owners have stopped.
   * Blocks.
   */
  @Override
  public void close() throws IOException {
    if (failed()) {
      writer.abort();
    }
    checkpoints.closing();
    writer.close();
    journal.close();
    manifest.close();
  }

  private final class FromJournal implements JournalListener {
    @Override
    public void fileFull(long highestNumber, int freeFiles) {
      checkpoints.fileFull(highestNumber, freeFiles);
    }

    @Override
    public void failed(IOException cause) {
      fail(cause);
    }
  }
}
