// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What committed entries act upon; implemented outside this package. All methods are called on one
 * thread of the log at a time, in the order of the log, except {@link #position}, which is called
 * once before the log starts. They may block for a local disk, never for the network.
 *
 * @param <R> what applying an entry yields
 */
public interface ReplicatedState<R> {
  /** How far the state had come when the process started; entries up to there are not given. */
  LogPosition position();

  /**
   * Applies a committed entry. Must be deterministic and must not throw for anything that the entry
   * says: a rejection is a result. An exception stops this member.
   */
  R apply(LogPosition position, byte[] entry);

  /** Writes the whole state, which is that of {@code position}, durably into a new file. */
  void snapshot(LogPosition position, Path file) throws IOException;

  /** Replaces the whole state by a snapshot that another member wrote. */
  void install(Path file) throws IOException;

  /**
   * The member is about to close: an {@link #apply} that waits for something must end, with an
   * exception. Called on any thread.
   */
  void closing();
}
