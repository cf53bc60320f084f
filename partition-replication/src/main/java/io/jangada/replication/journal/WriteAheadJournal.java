// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import io.jangada.replication.log.LogEnd;
import io.jangada.replication.metrics.JournalMetrics;
import io.jangada.replication.metrics.ReplicationMetrics;
import io.jangada.replication.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal in files of its own, see {@link GroupFormat}. One thread takes what is queued, writes
 * it as one group, which is durable when the write returns, calls back, and takes what came
 * meanwhile. There is no timer and no second thread: groups are as large as the load makes them.
 */
public final class WriteAheadJournal implements Journal {
  private static final Logger LOG = LoggerFactory.getLogger(WriteAheadJournal.class);
  private static final long IDLE = 0;

  /** Another file is made when this part of the last one is full. */
  private static final int CREATE_AT_PART = 4;

  /**
   * Kept at the end of a file: for the group that says where the journal goes on, and for the one
   * that says that it did.
   */
  private static final int TURN_BYTES = 2 * JournalConfig.BLOCK_BYTES;

  private record DurableTo(long number, LogEnd end) {}

  private final JournalConfig config;
  private final long incarnation;
  private final JournalListener listener;
  private final JournalMetrics metrics;
  private final JournalFiles files;
  private final GroupEncoder encoder;
  private final Thread thread;
  private final Queue<QueuedEntry> queue = new ConcurrentLinkedQueue<>();
  private final AtomicLong lastNumber;
  private final AtomicLong queuedBytes = new AtomicLong();
  private final List<QueuedEntry> group = new ArrayList<>();
  private final IdentityHashMap<JournaledLog, DurableTo> durable = new IdentityHashMap<>();
  private JournalFile active;
  private @Nullable JournalFile turnedFrom;
  private long nextSequence;
  private long highestNumber;
  private long wroteNanos;
  private boolean sealed = true;
  private volatile long oldestNanos = IDLE;
  private volatile boolean parked;
  private volatile boolean closing;
  private volatile boolean failed;

  private WriteAheadJournal(
      JournalFiles files,
      JournalConfig config,
      JournalStart from,
      JournalListener listener,
      JournalMetrics metrics) {
    this.files = files;
    this.config = config;
    this.listener = listener;
    this.metrics = metrics;
    incarnation = from.incarnation();
    nextSequence = from.firstSequence();
    lastNumber = new AtomicLong(from.firstNumber() - 1);
    highestNumber = lastNumber.get();
    encoder = new GroupEncoder(config.groupBytes());
    JournalFile goesOnIn = files.active();
    active = goesOnIn == null ? files.begin(nextSequence) : goesOnIn;
    thread = new Thread(this::run, "jangada-journal-" + config.directory().getParent());
    thread.setDaemon(true);
  }

  /**
   * Starts a journal: makes its first file if there is none, and writes the first group, an empty
   * one, durably before it returns. (It has the stamp of a group that was cut off where the journal
   * goes on; in a single block nothing of that is left.) What the directory's journal held until
   * now is lost, unless the journal goes on behind its tail: all of it must have been replayed and
   * checkpointed then. Blocks.
   *
   * @param from where the last one ended
   * @param listener makes room, and is told of a failure
   */
  public static WriteAheadJournal start(
      Storage storage,
      JournalConfig config,
      JournalStart from,
      JournalListener listener,
      ReplicationMetrics metrics)
      throws IOException {
    WriteAheadJournal journal =
        open(storage, config, from, listener, metrics, WriteAheadJournal::inThread);
    journal.thread.start();
    journal.watch();
    return journal;
  }

  /** A journal without a thread: a test calls {@link #writeQueued} and {@link #sealIfRoom}. */
  static WriteAheadJournal open(
      Storage storage,
      JournalConfig config,
      JournalStart from,
      JournalListener listener,
      ReplicationMetrics metrics,
      Executor background)
      throws IOException {
    Waker waker = new Waker();
    JournalFiles files = JournalFiles.open(storage, config, from.tail(), background, waker);
    try {
      WriteAheadJournal journal =
          new WriteAheadJournal(files, config, from, listener, metrics.journal());
      waker.thread = journal.thread;
      journal.writeEmpty(0);
      return journal;
    } catch (IOException | RuntimeException e) {
      files.close();
      throw e;
    }
  }

  private static void inThread(Runnable task) {
    Thread thread = new Thread(task, "jangada-journal-files");
    thread.setDaemon(true);
    thread.start();
  }

  /** Wakes the journal's thread, which comes after the files. */
  private static final class Waker implements Runnable {
    private volatile @Nullable Thread thread;

    @Override
    public void run() {
      LockSupport.unpark(thread);
    }
  }

  private void watch() {
    metrics.watch(
        config.directory().toString(),
        files::freeFiles,
        files::usedBytes,
        queuedBytes::get,
        () -> oldestSyncAgeMs() / 1e3);
  }

  @Override
  public long append(JournaledLog log, JournalEntry entry, LogEnd endAfter) {
    long bytes = EntryFormat.sizeInBytes(entry);
    long most = config.fileBytes() - TURN_BYTES;
    if (bytes > most || GroupFormat.groupBytes((int) bytes) > most) {
      throw new IllegalArgumentException(
          "expected an entry that fits a journal file of "
              + config.fileBytes()
              + " bytes, but it has "
              + bytes);
    }
    long number = lastNumber.incrementAndGet();
    if (closing || failed) {
      return number;
    }
    queuedBytes.addAndGet(bytes);
    queue.add(new QueuedEntry(number, log, entry, endAfter, (int) bytes, System.nanoTime()));
    if (parked) {
      LockSupport.unpark(thread);
    }
    if (failed) {
      queue.clear();
    }
    return number;
  }

  @Override
  public void release(long number) {
    files.release(number);
  }

  @Override
  public long oldestSyncAgeMs() {
    long began = oldestNanos;
    return began == IDLE ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }

  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    join(thread);
    files.close();
    metrics.unwatch(config.directory().toString());
  }

  /** Waits for the thread's end, whatever interrupts: file channels do not survive an interrupt. */
  static void join(Thread thread) {
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

  private void run() {
    try {
      boolean last = false;
      while (writeQueued() || !last) {
        last = closing;
        if (!last && queue.isEmpty()) {
          idle();
        }
      }
      if (queue.isEmpty()) {
        sealIfRoom();
      }
    } catch (IOException e) {
      fail(e);
    } catch (RuntimeException e) {
      // A defect must not look like a disk that takes its time.
      fail(new IOException("a defect in the journal", e));
    } finally {
      oldestNanos = IDLE;
    }
  }

  private void fail(IOException cause) {
    failed = true;
    group.clear();
    durable.clear();
    queue.clear();
    queuedBytes.set(0);
    listener.failed(cause);
  }

  /** Writes a group of what is queued; returns false if nothing is, or there is no room for it. */
  boolean writeQueued() throws IOException {
    int bytes = gather();
    return !group.isEmpty() && writeGroup(bytes);
  }

  /** Takes what is queued, up to the size of a group; returns its bytes. */
  private int gather() {
    int bytes = 0;
    QueuedEntry next = queue.peek();
    while (next != null && (group.isEmpty() || bytes + next.bytes() <= config.groupBytes())) {
      group.add(queue.remove());
      bytes += next.bytes();
      next = queue.peek();
    }
    return bytes;
  }

  /** Returns false if the journal was closed while it waited for a file. */
  private boolean writeGroup(int bytes) throws IOException {
    long oldest = group.getFirst().queuedNanos();
    oldestNanos = oldest == IDLE ? 1 : oldest;
    if (!makeRoom(GroupFormat.groupBytes(bytes))) {
      return false;
    }
    long highestOfGroup = 0;
    for (QueuedEntry each : group) {
      durable.put(each.log(), new DurableTo(each.number(), each.end()));
      highestOfGroup = Math.max(highestOfGroup, each.number());
    }
    highestNumber = Math.max(highestNumber, highestOfGroup);
    int entries = group.size();
    ByteBuffer encoded = encoder.encode(header(bytes, entries, 0), group);
    // From here on nothing holds the batches.
    group.clear();
    queuedBytes.addAndGet(-bytes);
    int groupBytes = encoded.remaining();
    long beganNanos = System.nanoTime();
    write(encoded, highestOfGroup);
    metrics.groupWritten(groupBytes, entries, wroteNanos - beganNanos);
    sealed = false;
    oldestNanos = IDLE;
    for (Map.Entry<JournaledLog, DurableTo> each : durable.entrySet()) {
      each.getKey().durable(each.getValue().number(), each.getValue().end());
    }
    durable.clear();
    confirmTurn();
    if (active.position() > config.fileBytes() / CREATE_AT_PART) {
      files.createIfShort();
    }
    return true;
  }

  private GroupHeader header(int bodyBytes, int entries, int nextFile) {
    return header(active, nextSequence, bodyBytes, entries, nextFile);
  }

  private GroupHeader header(
      JournalFile file, long sequence, int bodyBytes, int entries, int nextFile) {
    return new GroupHeader(
        config.directoryId(),
        incarnation,
        sequence,
        nextSequence - 1,
        files.oldestSequence(nextSequence),
        highestNumber,
        file.number(),
        file.position(),
        config.fileBytes(),
        nextFile,
        bodyBytes,
        entries,
        0);
  }

  private void write(ByteBuffer encoded, long highestOfGroup) throws IOException {
    active.write(encoded, highestOfGroup);
    wroteNanos = System.nanoTime();
    nextSequence++;
  }

  private void writeEmpty(int nextFile) throws IOException {
    ByteBuffer encoded = encoder.encode(header(0, 0, nextFile), List.of());
    int bytes = encoded.remaining();
    write(encoded, 0);
    metrics.sealed(bytes);
    sealed = true;
  }

  /**
   * Puts down in the file before that the first group of this one is durable: otherwise a file that
   * is lost whole would look like one in which the journal had not gone on yet.
   */
  private void confirmTurn() throws IOException {
    JournalFile before = turnedFrom;
    turnedFrom = null;
    if (before != null) {
      ByteBuffer encoded =
          encoder.encode(header(before, nextSequence - 1, 0, 0, active.number()), List.of());
      int bytes = encoded.remaining();
      before.write(encoded, 0);
      metrics.sealed(bytes);
    }
  }

  private boolean isRoomFor(long bytes) {
    return isRoomFor(bytes, active.position(), config.fileBytes());
  }

  /** Whether a group of so many bytes fits a file at the position, before the turn to the next. */
  static boolean isRoomFor(long bytes, long position, long fileBytes) {
    return position + bytes + TURN_BYTES <= fileBytes;
  }

  private boolean makeRoom(long bytes) throws IOException {
    if (isRoomFor(bytes)) {
      return true;
    }
    files.retire();
    listener.fileFull(files.oldestHighestNumber(), files.freeFiles());
    JournalFile next = awaitFree();
    if (next == null) {
      return false;
    }
    writeEmpty(next.number());
    JournalFile before = active;
    active = files.begin(nextSequence);
    turnedFrom = before == active ? null : before; // the only one, written over from its beginning
    return true;
  }

  /** The next file, as soon as one is free; null if the journal is closed meanwhile. */
  private @Nullable JournalFile awaitFree() {
    JournalFile next = files.nextFree();
    if (next != null) {
      return next;
    }
    files.createIfShort();
    if (!files.isCreating()) {
      LOG.warn(
          "{}: every journal file waits for a checkpoint, and so do appends ({} bytes are used)",
          config.directory(),
          files.usedBytes());
    }
    metrics.waitBegan();
    long beganNanos = System.nanoTime();
    while (next == null && !closing) {
      files.createIfShort();
      next = files.nextFree();
      if (next == null) {
        LockSupport.park(this);
        next = files.nextFree();
      }
    }
    metrics.waited(System.nanoTime() - beganNanos);
    return next;
  }

  private void idle() throws IOException {
    long sealNanos = TimeUnit.MILLISECONDS.toNanos(config.sealAfterMs());
    long idleNanos = System.nanoTime() - wroteNanos;
    if (!sealed && idleNanos >= sealNanos) {
      sealIfRoom();
      return;
    }
    parked = true;
    if (queue.isEmpty() && !closing) {
      if (sealed) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, sealNanos - idleNanos);
      }
    }
    parked = false;
  }

  /** At the very end of a file by turning to the next, unless there is none that is free. */
  void sealIfRoom() throws IOException {
    if (!sealed && isRoomFor(JournalConfig.BLOCK_BYTES)) {
      writeEmpty(0);
    } else if (!sealed && files.nextFree() != null) {
      makeRoom(JournalConfig.BLOCK_BYTES);
    }
    sealed = true;
  }
}
