// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.manifest;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.storage.Storage;
import io.jangada.replication.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
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
  private final Map<TopicIdPartition, byte[]> damaged = new HashMap<>();
  private JournalMark journal = JournalMark.NONE;
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
      ManifestUpdate content)
      throws IOException {
    this.storage = storage;
    this.path = path;
    this.aside = path.resolveSibling(path.getFileName() + ".new");
    this.directoryId = directoryId;
    this.rewriteBytes = rewriteBytes;
    this.sequence = sequence;
    apply(content, encode(content));
    this.file = writeAside();
    publish();
  }

  /**
   * Begins a manifest with this content, durably, in the place of what is there. Blocks.
   *
   * @param lastSequence the last one ever used; that of the first transaction is above it
   */
  public static Manifest create(
      Storage storage, Path path, UUID directoryId, long lastSequence, ManifestUpdate content)
      throws IOException {
    return create(storage, path, directoryId, lastSequence, content, DEFAULT_REWRITE_BYTES);
  }

  static Manifest create(
      Storage storage,
      Path path,
      UUID directoryId,
      long lastSequence,
      ManifestUpdate content,
      long rewriteBytes)
      throws IOException {
    return new Manifest(storage, path, directoryId, rewriteBytes, lastSequence, content);
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
   * Changes the content, all or nothing; durable when it returns. Blocks.
   *
   * @throws IOException nothing has changed then. If there was no room it may be tried again;
   *     otherwise never (rule 22)
   */
  public void commit(ManifestUpdate update) throws IOException {
    List<byte[]> entries = encode(update);
    append(ManifestCodec.transaction(sequence + 1, entries));
    sequence++;
    apply(update, entries);
    if (sizeBytes > rewriteBytes && sizeBytes > 2 * liveBytes) {
      rewrite();
    }
  }

  private static List<byte[]> encode(ManifestUpdate update) {
    List<byte[]> entries = new ArrayList<>();
    for (ManifestEntry entry : update.changed()) {
      entries.add(ManifestCodec.encode(entry));
    }
    for (TopicIdPartition partition : update.removed()) {
      entries.add(ManifestCodec.removal(partition));
    }
    update.damaged().forEach((id, reason) -> entries.add(ManifestCodec.damaged(id, reason)));
    entries.add(ManifestCodec.journal(update.journal()));
    return entries;
  }

  private void apply(ManifestUpdate update, List<byte[]> entries) {
    for (int i = 0; i < update.changed().size(); i++) {
      TopicIdPartition partition = update.changed().get(i).partition();
      remove(partition);
      live.put(partition, entries.get(i));
      liveBytes += entries.get(i).length;
    }
    update.removed().forEach(this::remove);
    update.damaged().forEach((id, reason) -> damaged.put(id, ManifestCodec.damaged(id, reason)));
    journal = update.journal();
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
      ByteBuffer transaction = ManifestCodec.transaction(sequence + 1, all());
      long size = (long) header.remaining() + transaction.remaining();
      fresh.append(new ByteBuffer[] {header, transaction});
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

  private List<byte[]> all() {
    List<byte[]> all = new ArrayList<>(live.values());
    all.addAll(damaged.values());
    all.add(ManifestCodec.journal(journal));
    return all;
  }

  private void publish() throws IOException {
    storage.replace(aside, path);
    Path directory = path.getParent();
    if (directory != null) {
      storage.syncDirectory(directory);
    }
  }

  private void remove(TopicIdPartition partition) {
    damaged.remove(partition);
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
