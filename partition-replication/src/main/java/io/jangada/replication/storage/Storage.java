// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * Files and directories. Every call may block and belongs on a platform thread that is never
 * interrupted: an interrupt closes a file channel under everyone who uses it. Thread-safe.
 */
public interface Storage {
  /** Opens the file for reading and writing, creating it empty if it is absent. */
  StorageFile open(Path path, FileUse use) throws IOException;

  /** Opens the file for reading and writing through the page cache, creating it if it is absent. */
  default StorageFile open(Path path) throws IOException {
    return open(path, FileUse.CACHED);
  }

  /** Whether something is there. */
  boolean exists(Path path);

  /** The entries of a directory, sorted by name. */
  List<Path> list(Path directory) throws IOException;

  /** Creates the directory and what is missing above it. */
  void createDirectories(Path directory) throws IOException;

  /** Removes a file or an empty directory; nothing happens if it is absent. */
  void delete(Path path) throws IOException;

  /** Renames atomically, replacing what is there. */
  void replace(Path from, Path to) throws IOException;

  /** Makes creations, renames and removals in the directory durable. */
  void syncDirectory(Path directory) throws IOException;

  /** Bytes that can still be written below the path. */
  long usableBytes(Path path) throws IOException;

  /** The content of a small file. */
  default byte[] readSmall(Path path) throws IOException {
    try (StorageFile file = open(path)) {
      ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(file.size()));
      file.read(content, 0);
      return content.array();
    }
  }

  /** Replaces a small file so that a crash leaves either the old content or the new, durably. */
  default void writeSmall(Path path, ByteBuffer content) throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    delete(fresh);
    try (StorageFile file = open(fresh)) {
      file.append(new ByteBuffer[] {content});
      file.force(true);
    }
    replace(fresh, path);
    Path directory = path.getParent();
    if (directory != null) {
      syncDirectory(directory);
    }
  }
}
