// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.store;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.CursorIterable;
import org.lmdbjava.Dbi;
import org.lmdbjava.KeyRange;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link MetadataStore} in one LMDB file. */
public final class LmdbMetadataStore implements MetadataStore {
  /** Sparse: only what is written takes space. */
  public static final long DEFAULT_MAP_BYTES = 16L << 30;

  /** How many changes are kept for subscribers that were away. */
  public static final int DEFAULT_KEPT_CHANGES = 10_000;

  private static final long ROOM_RETRY_MS = 200;
  private static final Logger LOG = LoggerFactory.getLogger(LmdbMetadataStore.class);

  private final Path file;
  private final List<String> tables;
  private final Options options;
  private final CleanMark mark;
  private final Reserve reserve;

  /** Keeps the environment open while somebody is in it. */
  private final ReadWriteLock guard = new ReentrantReadWriteLock();

  private final Buffers buffers = new Buffers();
  private @Nullable LmdbEnvironment environment;
  private volatile StorePosition position;
  private volatile long lastChangeIndex;
  private volatile boolean waitingForRoom;
  private boolean waitingIsOver;

  /**
   * Sizes and identities that tests choose.
   *
   * @param mapBytes the largest size of the file
   * @param keptChanges the bound of the change log, in entries
   * @param bootId the machine's boot
   */
  public record Options(long mapBytes, int keptChanges, String bootId) {
    /** What a node uses. */
    public static Options defaults() {
      return new Options(DEFAULT_MAP_BYTES, DEFAULT_KEPT_CHANGES, CleanMark.currentBootId());
    }
  }

  private LmdbMetadataStore(Path file, List<String> tables, Options options, Reserve reserve)
      throws IOException {
    this.file = file;
    this.reserve = reserve;
    this.tables = List.copyOf(tables);
    this.options = options;
    this.mark = new CleanMark(file.resolveSibling(file.getFileName() + ".mark"), options.bootId());
    if (Files.exists(file) && !mark.trustworthy()) {
      LOG.warn("{} was open when the machine stopped: discarding it", file);
      LmdbEnvironment.delete(file);
    }
    LmdbEnvironment opened = new LmdbEnvironment(file, this.tables, options.mapBytes());
    this.environment = opened;
    this.position = Layout.position(opened);
    this.lastChangeIndex = Layout.lastChange(opened);
    mark.opened();
  }

  /**
   * Opens or creates a store.
   *
   * @param file the LMDB file; its directory must exist and others like it lie beside it
   * @param tables the names of all tables
   */
  public static LmdbMetadataStore open(Path file, List<String> tables, Options options) {
    return open(file, tables, options, Reserve.NONE);
  }

  /**
   * Opens or creates a store.
   *
   * @param file the LMDB file; its directory must exist and others like it lie beside it
   * @param tables the names of all tables
   * @param reserve used up before a commit waits for room; asked on the thread that commits
   */
  public static LmdbMetadataStore open(
      Path file, List<String> tables, Options options, Reserve reserve) {
    try {
      return new LmdbMetadataStore(file, tables, options, reserve);
    } catch (IOException | LmdbException e) {
      throw failed("open", file, e);
    }
  }

  @Override
  public StorePosition position() {
    return position;
  }

  @Override
  public long lastChangeIndex() {
    return lastChangeIndex;
  }

  @Override
  public synchronized void commit(StorePosition next, List<Row> rows, @Nullable Change change) {
    while (true) {
      try {
        tryCommit(next, rows, change);
        break;
      } catch (JangadaException e) {
        if (!NoRoom.isCauseOf(e.getCause(), file)) {
          throw e;
        }
        awaitRoom(e);
      }
    }
    if (waitingForRoom) {
      waitingForRoom = false;
      LOG.info("{}: there is room again, and it is written to", file);
    }
    position = next;
    if (change != null) {
      lastChangeIndex = change.index();
    }
  }

  /** LMDB has undone what did not fit, so that the same can be tried again. */
  private void awaitRoom(JangadaException refused) {
    if (reserve.giveUp()) {
      LOG.warn("{}: the disk is full, a part of the reserve is given up", file);
      return;
    }
    if (waitingIsOver) {
      throw new JangadaException(
          ErrorCode.SHUTTING_DOWN,
          "expected room for the metadata store " + file + ", but the disk is full",
          "make room on the disk",
          true,
          refused);
    }
    if (!waitingForRoom) {
      waitingForRoom = true;
      LOG.error(
          "{}: the disk is full, the metadata of this node stands still until there is room", file);
    }
    try {
      long retryAtNanos = System.nanoTime() + ROOM_RETRY_MS * 1_000_000;
      while (!waitingIsOver && System.nanoTime() < retryAtNanos) {
        // Lets go of the lock, so that others may end the waiting.
        wait(ROOM_RETRY_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      waitingIsOver = true;
    }
  }

  @Override
  public boolean waitingForRoom() {
    return waitingForRoom;
  }

  @Override
  public synchronized void endWaiting() {
    waitingIsOver = true;
    notifyAll();
  }

  private void tryCommit(StorePosition next, List<Row> rows, @Nullable Change change) {
    inside(
        env -> {
          try (Txn<ByteBuffer> txn = env.write()) {
            for (Row row : rows) {
              write(env.table(row.table()), txn, row);
            }
            if (change != null) {
              ByteBuffer key = buffers.key(Layout.key(change.index()));
              env.changes().put(txn, key, buffers.value(Layout.encode(change)));
              trim(env, txn);
            }
            Layout.putPosition(env, txn, next);
            txn.commit();
          }
          return null;
        });
  }

  private void write(Dbi<ByteBuffer> table, Txn<ByteBuffer> txn, Row row) {
    byte[] value = row.value();
    if (value == null) {
      table.delete(txn, buffers.key(row.key()));
    } else {
      table.put(txn, buffers.key(row.key()), buffers.value(value));
    }
  }

  private void trim(LmdbEnvironment env, Txn<ByteBuffer> txn) {
    long surplus = env.changes().stat(txn).entries - options.keptChanges();
    if (surplus <= 0) {
      return;
    }
    List<byte[]> oldest = new ArrayList<>();
    try (CursorIterable<ByteBuffer> all = env.changes().iterate(txn)) {
      for (CursorIterable.KeyVal<ByteBuffer> entry : all) {
        oldest.add(Layout.bytes(entry.key()));
        if (oldest.size() >= surplus) {
          break;
        }
      }
    }
    for (byte[] key : oldest) {
      env.changes().delete(txn, buffers.key(key));
    }
  }

  @Override
  public void forEachRow(Consumer<Row> visitor) {
    inside(
        env -> {
          try (Txn<ByteBuffer> txn = env.read()) {
            for (Map.Entry<String, Dbi<ByteBuffer>> table : env.tables().entrySet()) {
              try (CursorIterable<ByteBuffer> all = table.getValue().iterate(txn)) {
                for (CursorIterable.KeyVal<ByteBuffer> entry : all) {
                  visitor.accept(
                      new Row(
                          table.getKey(), Layout.bytes(entry.key()), Layout.bytes(entry.val())));
                }
              }
            }
          }
          return null;
        });
  }

  @Override
  public @Nullable List<Change> changesAfter(long index, int maxBytes) {
    return inside(env -> changesAfter(env, index, maxBytes));
  }

  private static @Nullable List<Change> changesAfter(
      LmdbEnvironment env, long index, int maxBytes) {
    List<Change> found = new ArrayList<>();
    int bytes = 0;
    ByteBuffer from = Layout.direct(Layout.key(index + 1));
    try (Txn<ByteBuffer> txn = env.read();
        CursorIterable<ByteBuffer> later = env.changes().iterate(txn, KeyRange.atLeast(from))) {
      for (CursorIterable.KeyVal<ByteBuffer> entry : later) {
        Change change = Layout.decode(entry.key(), entry.val());
        if (found.isEmpty() && change.prevIndex() != index) {
          return null;
        }
        found.add(change);
        bytes += change.records().length;
        if (bytes >= maxBytes) {
          return found;
        }
      }
      if (found.isEmpty() && Layout.lastChange(env, txn) != index) {
        return null;
      }
    }
    return found;
  }

  @Override
  public void copyTo(@Nullable StorePosition at, Path target) {
    if (at != null) {
      commit(at, List.of(), null);
    }
    // A reader of its own: commits go on beside it.
    inside(
        env -> {
          env.copyTo(target);
          return null;
        });
  }

  @Override
  public synchronized void replaceWith(Path snapshot) {
    guard.writeLock().lock();
    try {
      requireOpen().close();
      environment = null;
      LmdbEnvironment.delete(file);
      Path next = file.resolveSibling(file.getFileName() + ".next");
      Files.copy(snapshot, next, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      Files.move(next, file);
      LmdbEnvironment opened = new LmdbEnvironment(file, tables, options.mapBytes());
      environment = opened;
      position = Layout.position(opened);
      lastChangeIndex = Layout.lastChange(opened);
    } catch (IOException | LmdbException e) {
      throw failed("install a snapshot into", file, e);
    } finally {
      guard.writeLock().unlock();
    }
  }

  private <T> @Nullable T inside(Function<LmdbEnvironment, @Nullable T> action) {
    guard.readLock().lock();
    try {
      return action.apply(requireOpen());
    } catch (LmdbException e) {
      throw failed("use", file, e);
    } finally {
      guard.readLock().unlock();
    }
  }

  private LmdbEnvironment requireOpen() {
    LmdbEnvironment open = environment;
    if (open == null) {
      throw new JangadaException(
          ErrorCode.SHUTTING_DOWN, "expected the metadata store to be open, but it is closed");
    }
    return open;
  }

  private static JangadaException failed(String verb, Path file, Exception cause) {
    return new JangadaException(
        ErrorCode.STORAGE_ERROR,
        "expected to " + verb + " the metadata store " + file + ", but " + cause.getMessage(),
        "check the disk, its free space and the permissions",
        false,
        cause);
  }

  @Override
  public synchronized void close() {
    endWaiting();
    guard.writeLock().lock();
    try {
      LmdbEnvironment open = environment;
      if (open == null) {
        return;
      }
      environment = null;
      open.sync();
      open.close();
      mark.closed();
    } catch (IOException | LmdbException e) {
      LOG.warn("{} did not close in good order and may be discarded at the next start", file, e);
    } finally {
      guard.writeLock().unlock();
    }
  }
}
