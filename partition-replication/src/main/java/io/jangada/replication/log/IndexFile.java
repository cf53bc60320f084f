// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import io.jangada.replication.storage.Storage;
import io.jangada.replication.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The file beside a segment that holds its index: never synced, and rebuilt if it does not fit. */
record IndexFile(Storage storage, Path path, long baseOffset, int intervalBytes) {
  /** Of the segment in that file. */
  static IndexFile of(LogSegment segment, Storage storage, int intervalBytes) {
    String name = SegmentNames.index(segment.baseOffset(), segment.generation());
    return new IndexFile(
        storage, segment.path().resolveSibling(name), segment.baseOffset(), intervalBytes);
  }

  /** What it holds; null if that is nothing usable. */
  OffsetIndex.@Nullable Stored read() throws IOException {
    return storage.exists(path)
        ? OffsetIndex.decode(ByteBuffer.wrap(storage.readSmall(path)), baseOffset, intervalBytes)
        : null;
  }

  void write(ByteBuffer content) throws IOException {
    storage.delete(path);
    try (StorageFile file = storage.open(path)) {
      file.append(new ByteBuffer[] {content});
    }
  }

  void delete() throws IOException {
    storage.delete(path);
  }
}
