// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.store;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tables of rows that reflect one position of the metadata log, and a bounded log of the latest
 * changes in the same transactions. What is written survives the death of the process, not that of
 * the machine: after that a store opens empty, and its owner rebuilds it from a snapshot or from
 * another member.
 *
 * <p>Thread-safe; one writer at a time, readers beside it. Every method may block for the local
 * disk and throws a JangadaException with STORAGE_ERROR where the disk fails, SHUTTING_DOWN after
 * {@link #close}.
 */
public interface MetadataStore extends AutoCloseable {
  /** What the store reflects. */
  StorePosition position();

  /** The index of the newest change in the change log; 0 before the first. */
  long lastChangeIndex();

  /**
   * Writes rows and moves the position, all or nothing. Where the disk has no room it waits until
   * there is some; SHUTTING_DOWN where the waiting was ended.
   *
   * @param change what to keep in the change log, or null where nothing changed for subscribers
   */
  void commit(StorePosition position, List<Row> rows, @Nullable Change change);

  /** Whether a commit waits for room on the disk now. */
  boolean waitingForRoom();

  /** From now on a commit without room fails instead of waiting: the process is about to end. */
  void endWaiting();

  /** Visits every row, table by table, in the order of the keys. */
  void forEachRow(Consumer<Row> visitor);

  /**
   * The changes that follow a state, oldest first, up to about {@code maxBytes} but at least one.
   * Empty where there are none yet.
   *
   * @return null if the change log does not reach back to that state: a snapshot is needed
   */
  @Nullable List<Change> changesAfter(long index, int maxBytes);

  /**
   * Writes the whole store into a new file. Commits go on meanwhile; they are in it whole or not at
   * all.
   *
   * @param position what to mark the store with before it is copied; null to leave its position
   */
  void copyTo(@Nullable StorePosition position, Path file);

  /** Replaces everything by such a file, which is left where it is. */
  void replaceWith(Path file);

  /** Ends in good order, so that the next start finds everything. Idempotent. */
  @Override
  void close();
}
