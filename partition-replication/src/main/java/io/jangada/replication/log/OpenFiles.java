// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.replication.storage.FileUse;
import io.jangada.replication.storage.Storage;
import io.jangada.replication.storage.StorageFile;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open segment files of all logs, of which there are at most so many: the one not used for
 * longest is closed for a new one, and its index forgotten. Thread-safe; opening and closing block.
 */
public final class OpenFiles implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(OpenFiles.class);

  private final Storage storage;
  private final int maxFiles;
  private final Map<LogSegment, Handle> handles = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * No file is open.
   *
   * @param maxFiles that are open at once; more only while all of them are in use
   */
  public OpenFiles(Storage storage, int maxFiles) {
    this.storage = storage;
    this.maxFiles = maxFiles;
  }

  /** The disk. */
  Storage storage() {
    return storage;
  }

  /** Files that are open now. */
  public synchronized int size() {
    return handles.size();
  }

  /** Something done with a file. */
  interface Use<T> {
    T apply(StorageFile file) throws IOException;
  }

  /** Does something with the file, opening it before if it is closed. */
  <T> T use(LogSegment segment, Use<T> use) throws IOException {
    Handle handle = acquire(segment);
    try {
      return use.apply(handle.file());
    } finally {
      release(handle);
    }
  }

  private Handle acquire(LogSegment segment) {
    List<Handle> evicted = new ArrayList<>();
    Handle handle;
    synchronized (this) {
      handle = handles.computeIfAbsent(segment, Handle::new);
      handle.users++;
      Iterator<Handle> oldestFirst = handles.values().iterator();
      while (handles.size() > maxFiles && oldestFirst.hasNext()) {
        Handle oldest = oldestFirst.next();
        if (oldest.users == 0) {
          oldestFirst.remove();
          evicted.add(oldest);
        }
      }
    }
    evicted.forEach(Handle::close);
    return handle;
  }

  private void release(Handle handle) {
    boolean close;
    synchronized (this) {
      handle.users--;
      handle.usedNanos = System.nanoTime();
      close = handle.users == 0 && handle.dropped;
    }
    if (close) {
      handle.close();
    }
  }

  /**
   * Closes the file of a retired segment as soon as nobody reads it. Nobody opens it after this
   * returns, so that it may be removed.
   */
  void drop(LogSegment segment) {
    Handle handle;
    boolean unused;
    synchronized (this) {
      handle = handles.remove(segment);
      if (handle == null) {
        return;
      }
      handle.dropped = true;
      unused = handle.users == 0;
    }
    if (unused) {
      handle.close();
    } else {
      handle.openNoMore();
    }
  }

  /** Closes what was not used for so long. */
  public void closeIdle(long idleNanos) {
    List<Handle> idle = new ArrayList<>();
    long nowNanos = System.nanoTime();
    synchronized (this) {
      handles
          .values()
          .removeIf(
              handle -> {
                boolean old = handle.users == 0 && nowNanos - handle.usedNanos >= idleNanos;
                if (old) {
                  idle.add(handle);
                }
                return old;
              });
    }
    idle.forEach(Handle::close);
  }

  /** Closes all. */
  @Override
  public void close() {
    closeIdle(Long.MIN_VALUE);
  }

  private final class Handle {
    private final LogSegment segment;
    private @Nullable StorageFile file;
    private boolean openNoMore;

    /** Guarded by the outer object, as are the next two. */
    private int users;

    private boolean dropped;
    private long usedNanos;

    Handle(LogSegment segment) {
      this.segment = segment;
    }

    synchronized StorageFile file() throws IOException {
      StorageFile open = file;
      if (open == null) {
        // Looked at after the handle is known to all: who retires the segment will find it.
        if (openNoMore || segment.isRetired()) {
          throw new ClosedChannelException();
        }
        open = storage.open(segment.path(), FileUse.STREAMED);
        file = open;
      }
      return open;
    }

    synchronized void openNoMore() {
      openNoMore = true;
    }

    synchronized void close() {
      openNoMore = true;
      StorageFile open = file;
      file = null;
      segment.forgetIndex();
      if (open != null) {
        try {
          open.close();
        } catch (IOException e) {
          // What was written is known to be durable, or will be asked for by another handle.
          logger.warn("cannot close {}", segment.path(), e);
        }
      }
    }
  }
}
