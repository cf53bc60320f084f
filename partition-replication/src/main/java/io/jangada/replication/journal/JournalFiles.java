// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import io.jangada.replication.storage.AlignedBuffers;
import io.jangada.replication.storage.FileUse;
import io.jangada.replication.storage.Storage;
import io.jangada.replication.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a journal: one is being written, full ones wait for their release, free ones wait to
 * be written over. Files are filled with zeros before their first use: in a file that grows, or was
 * only reserved, each sync would pay for metadata. Thread-safe.
 */
final class JournalFiles {
  private static final Logger LOG = LoggerFactory.getLogger(JournalFiles.class);
  private static final int ZEROS_BYTES = 1 << 20;
  private static final String UNFINISHED = ".new";

  private final Storage storage;
  private final JournalConfig config;
  private final Executor background;
  private final Runnable onFree;
  private final ArrayDeque<JournalFile> free = new ArrayDeque<>();
  private final ArrayDeque<JournalFile> used = new ArrayDeque<>();
  private @Nullable JournalFile active;
  private boolean creating;
  private int lastFile;
  private long releasedNumber;
  private boolean creationFailed;
  private boolean closed;

  private JournalFiles(
      Storage storage, JournalConfig config, Executor background, Runnable onFree) {
    this.storage = storage;
    this.config = config;
    this.background = background;
    this.onFree = onFree;
  }

  /**
   * Takes over the directory. What the files of this directory hold is lost as they are written
   * over, but for those of the tail, and files beyond the configured size are deleted; files of
   * other directories stay untouched.
   *
   * @param tail behind which the journal goes on, or null
   * @param background where further files are made
   * @param onFree called by any thread when a file has become free
   */
  static JournalFiles open(
      Storage storage,
      JournalConfig config,
      @Nullable JournalTail tail,
      Executor background,
      Runnable onFree)
      throws IOException {
    JournalFiles files = new JournalFiles(storage, config, background, onFree);
    storage.createDirectories(config.directory());
    Path parent = config.directory().getParent();
    if (parent != null) {
      storage.syncDirectory(parent);
    }
    boolean opened = false;
    try {
      for (Path path : storage.list(config.directory())) {
        files.adopt(path);
      }
      if (tail != null) {
        files.goOn(tail);
      }
      files.deleteSpare();
      if (files.active == null && files.free.isEmpty()) {
        files.free.add(files.create());
      }
      storage.syncDirectory(config.directory());
      opened = true;
    } finally {
      if (!opened) {
        files.close();
      }
    }
    return files;
  }

  /** Keeps the files of the tail as they are; the last of them is the one to write. */
  private void goOn(JournalTail tail) throws IOException {
    for (JournalTail.Part part : tail.files()) {
      JournalFile file = null;
      for (JournalFile each : free) {
        file = each.number() == part.number() ? each : file;
      }
      if (file == null) {
        throw new IOException(
            "expected the journal file " + part.number() + " that was just read, but it is gone");
      }
      free.remove(file);
      boolean isLast = part.equals(tail.files().getLast());
      file.goOn(part, isLast ? tail.position() : config.fileBytes());
      if (isLast) {
        active = file;
      } else {
        used.add(file);
      }
    }
  }

  private void adopt(Path path) throws IOException {
    OptionalInt number = JournalFile.number(path);
    if (number.isEmpty()) {
      if (String.valueOf(path.getFileName()).endsWith(UNFINISHED)) {
        storage.delete(path);
      }
      return;
    }
    lastFile = Math.max(lastFile, number.getAsInt());
    StorageFile file = storage.open(path, FileUse.DURABLE);
    GroupHeader first = firstGroup(file);
    if (first != null && !first.directoryId().equals(config.directoryId())) {
      LOG.warn("{} belongs to the log directory {}; it is left alone", path, first.directoryId());
      file.close();
    } else if (file.size() != config.fileBytes()) {
      file.close();
      storage.delete(path);
    } else {
      free.add(new JournalFile(number.getAsInt(), file));
    }
  }

  /** Deletes the free files beyond the configured size. */
  private void deleteSpare() throws IOException {
    long files = (long) used.size() + (active == null ? 0 : 1) + free.size();
    for (; files * config.fileBytes() > config.maxBytes() && !free.isEmpty(); files--) {
      JournalFile spare = free.removeLast();
      spare.close();
      storage.delete(JournalFile.path(config.directory(), spare.number()));
    }
  }

  private static @Nullable GroupHeader firstGroup(StorageFile file) throws IOException {
    ByteBuffer block = AlignedBuffers.allocate(JournalConfig.BLOCK_BYTES);
    block.limit(file.read(block, 0));
    return GroupFormat.header(block);
  }

  private JournalFile create() throws IOException {
    int number;
    synchronized (this) {
      number = ++lastFile;
    }
    Path path = JournalFile.path(config.directory(), number);
    Path unfinished = path.resolveSibling(path.getFileName() + UNFINISHED);
    try {
      fill(unfinished);
    } catch (IOException e) {
      try {
        storage.delete(unfinished);
      } catch (IOException alsoFailed) {
        e.addSuppressed(alsoFailed);
      }
      throw e;
    }
    storage.replace(unfinished, path);
    storage.syncDirectory(config.directory());
    return new JournalFile(number, storage.open(path, FileUse.DURABLE));
  }

  private void fill(Path path) throws IOException {
    ByteBuffer zeros = AlignedBuffers.allocate((int) Math.min(ZEROS_BYTES, config.fileBytes()));
    try (StorageFile file = storage.open(path, FileUse.DURABLE)) {
      long at = 0;
      while (at < config.fileBytes()) {
        zeros.clear().limit((int) Math.min(zeros.capacity(), config.fileBytes() - at));
        file.write(zeros, at);
        at += zeros.limit();
      }
      file.force(true);
    }
  }

  /** The file to go on in, which is not begun by this; null if there is none. */
  synchronized @Nullable JournalFile nextFree() {
    return free.peek();
  }

  /** The file that is being written is full: it waits for its release from here on. */
  synchronized void retire() {
    if (active != null) {
      used.add(active);
      active = null;
      reclaim();
    }
  }

  /** The file that is being written; null before the first is begun. */
  synchronized @Nullable JournalFile active() {
    return active;
  }

  /** Goes on in the next free file, from the group with the sequence on. */
  synchronized JournalFile begin(long sequence) {
    JournalFile next = free.remove();
    next.begin(sequence);
    active = next;
    creationFailed = false;
    return next;
  }

  /** The first sequence in the oldest file that is not free; the given one if all are. */
  synchronized long oldestSequence(long next) {
    JournalFile oldest = used.isEmpty() ? active : used.peek();
    return oldest == null ? next : oldest.firstSequence();
  }

  /** The highest number in the oldest full file; 0 if there is none that waits for its release. */
  synchronized long oldestHighestNumber() {
    JournalFile oldest = used.peek();
    return oldest == null ? 0 : oldest.highestNumber();
  }

  synchronized int freeFiles() {
    return free.size();
  }

  /** Bytes in full files that wait for their release, and in the one being written. */
  synchronized long usedBytes() {
    return used.size() * config.fileBytes() + (active == null ? 0 : active.position());
  }

  /** Frees, oldest first, the full files that hold no entry with a higher number. */
  void release(long number) {
    boolean freed;
    synchronized (this) {
      releasedNumber = Math.max(releasedNumber, number);
      freed = reclaim();
    }
    if (freed) {
      onFree.run();
    }
  }

  private boolean reclaim() {
    boolean freed = false;
    JournalFile oldest = used.peek();
    while (oldest != null && oldest.highestNumber() <= releasedNumber) {
      free.add(used.remove());
      freed = true;
      oldest = used.peek();
    }
    return freed;
  }

  /** Begins to make another file if none is free and there may be more. Does not block. */
  synchronized void createIfShort() {
    long files = (long) used.size() + (active == null ? 0 : 1) + free.size();
    if (!closed
        && !creating
        && !creationFailed
        && free.isEmpty()
        && (files + 1) * config.fileBytes() <= config.maxBytes()) {
      creating = true;
      background.execute(this::createInBackground);
    }
  }

  synchronized boolean isCreating() {
    return creating;
  }

  private void createInBackground() {
    JournalFile created = null;
    Exception failure = null;
    try {
      created = create();
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
    synchronized (this) {
      if (created != null) {
        free.add(created);
      }
      // Not tried again before the next file: the journal goes on in those that it has.
      creationFailed = failure != null;
      creating = false;
      notifyAll();
    }
    if (failure != null) {
      LOG.warn(
          "{}: no further journal file can be made: {}", config.directory(), failure.toString());
    }
    onFree.run();
  }

  /** Waits for a file that is being made, and closes all. */
  void close() {
    List<JournalFile> all = new ArrayList<>();
    boolean interrupted = false;
    synchronized (this) {
      closed = true;
      while (creating) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      all.addAll(used);
      all.addAll(free);
      if (active != null) {
        all.add(active);
      }
      used.clear();
      free.clear();
      active = null;
    }
    close(all);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void close(List<JournalFile> files) {
    for (JournalFile file : files) {
      try {
        file.close();
      } catch (IOException e) {
        // What was written was durable when it was written.
        LOG.warn("{}: journal file {} did not close", config.directory(), file.number(), e);
      }
    }
  }
}
