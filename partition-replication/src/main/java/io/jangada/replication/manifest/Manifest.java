// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.manifest;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.storage.Storage;
import io.jangada.replication.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The manifest of a log directory, being written: each transaction is one write and one fdatasync
 * at the end of the file. When most of the file is outdated it is written anew beside the old one,
 * which it then replaces. Not thread-safe.
 */
public final class Manifest implements AutoCloseable {
  private static final long DEFAULT_REWRITE_BYTES = 4L << 20;

  private final Storage storage;
  private final Path path;
  private final Path aside;
  private final UUID directoryId;
  private final long rewriteBytes;
  private final Map<TopicIdPartition, byte[]> live = new HashMap<>();
  private long liveBytes;
  private long sequence;
  private long sizeBytes;
  private StorageFile file;

  /** True while bytes of a failed transaction may lie at the end of the file. */
  private boolean dirtyTail;

  private Manifest(
      Storage storage,
      Path path,
      UUID directoryId,
      long rewriteBytes,
      long sequence,
      Collection<ManifestEntry> entries)
      throws IOException {
    this.storage = storage;
    this.path = path;
    this.aside = path.resolveSibling(path.getFileName() + ".new");
    this.directoryId = directoryId;
    this.rewriteBytes = rewriteBytes;
    this.sequence = sequence;
    for (ManifestEntry entry : entries) {
      put(entry.partition(), ManifestCodec.encode(entry));
    }
    this.file = writeAside();
    publish();
  }

  /**
   * Begins a manifest with these entries, durably, in the place of what is there. Blocks.
   *
   * @param lastSequence the last one ever used; that of the first transaction is above it
   */
  public static Manifest create(
      Storage storage,
      Path path,
      UUID directoryId,
      long lastSequence,
      Collection<ManifestEntry> entries)
      throws IOException {
    return create(storage, path, directoryId, lastSequence, entries, DEFAULT_REWRITE_BYTES);
  }

  static Manifest create(
      Storage storage,
      Path path,
      UUID directoryId,
      long lastSequence,
      Collection<ManifestEntry> entries,
      long rewriteBytes)
      throws IOException {
    return new Manifest(storage, path, directoryId, rewriteBytes, lastSequence, entries);
  }

  /** The last transaction's number. */
  public long sequence() {
    return sequence;
  }

  /** Bytes of the file. */
  public long sizeBytes() {
    return sizeBytes;
  }

  /** The number of logs in it. */
  public int size() {
    return live.size();
  }

  /**
   * Replaces and removes entries, all or none; durable when it returns. Blocks.
   *
   * @throws IOException nothing has changed then. If there was no room it may be tried again;
   *     otherwise never (rule 22)
   */
  public void commit(List<ManifestEntry> changed, Collection<TopicIdPartition> removed)
      throws IOException {
    List<byte[]> entries = new ArrayList<>(changed.size() + removed.size());
    for (ManifestEntry entry : changed) {
      entries.add(ManifestCodec.encode(entry));
    }
    for (TopicIdPartition partition : removed) {
      entries.add(ManifestCodec.removal(partition));
    }
    append(ManifestCodec.transaction(sequence + 1, entries));
    sequence++;
    for (int i = 0; i < changed.size(); i++) {
      put(changed.get(i).partition(), entries.get(i));
    }
    removed.forEach(this::remove);
    if (sizeBytes > rewriteBytes && sizeBytes > 2 * liveBytes) {
      rewrite();
    }
  }

  private void rewrite() throws IOException {
    StorageFile old = file;
    StorageFile fresh = writeAside();
    if (fresh != null) {
      file = fresh;
      old.close();
      publish();
    }
  }

  private void append(ByteBuffer transaction) throws IOException {
    if (dirtyTail) {
      file.truncate(sizeBytes);
      dirtyTail = false;
    }
    int length = transaction.remaining();
    dirtyTail = true;
    file.append(new ByteBuffer[] {transaction});
    file.force(false);
    dirtyTail = false;
    sizeBytes += length;
  }

  /** All that is live, in one transaction of a new file beside the old one. */
  private StorageFile writeAside() throws IOException {
    storage.delete(aside);
    StorageFile fresh = storage.open(aside);
    try {
      ByteBuffer header = ManifestCodec.header(directoryId);
      ByteBuffer all = ManifestCodec.transaction(sequence + 1, List.copyOf(live.values()));
      long size = (long) header.remaining() + all.remaining();
      fresh.append(new ByteBuffer[] {header, all});
      fresh.force(true);
      sizeBytes = size;
      sequence++;
      return fresh;
    } catch (IOException e) {
      try (fresh) {
        throw e;
      }
    }
  }

  private void publish() throws IOException {
    storage.replace(aside, path);
    Path directory = path.getParent();
    if (directory != null) {
      storage.syncDirectory(directory);
    }
  }

  private void put(TopicIdPartition partition, byte[] encoded) {
    remove(partition);
    live.put(partition, encoded);
    liveBytes += encoded.length;
  }

  private void remove(TopicIdPartition partition) {
    byte[] old = live.remove(partition);
    if (old != null) {
      liveBytes -= old.length;
    }
  }

  /** Closes the file; nothing is written. */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
