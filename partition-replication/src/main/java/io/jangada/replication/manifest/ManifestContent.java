// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.manifest;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What a manifest's file says, up to its first unsound transaction.
 *
 * <p>Whether what comes after that is missed is not for the file to say: the last transaction may
 * be torn, or have rotted, or the file may be an old copy. The journal names the transaction that
 * there must be ({@link #reaches}).
 *
 * @param entries the newest of each log
 * @param damaged logs that must not be used, with the reason
 * @param journal what is known of the journal
 * @param sequence of the last sound transaction; 0 if there is none
 * @param droppedBytes behind it
 * @param problem why nothing in the file is to be used; empty if there is no such reason
 */
public record ManifestContent(
    Map<TopicIdPartition, ManifestEntry> entries,
    Map<TopicIdPartition, String> damaged,
    JournalMark journal,
    long sequence,
    long droppedBytes,
    String problem) {
  /** Of a directory that has no manifest. */
  public static final ManifestContent NONE = unusable(0, "");

  /** Copies the maps. */
  public ManifestContent {
    entries = Map.copyOf(entries);
    damaged = Map.copyOf(damaged);
  }

  /** What is read, transaction by transaction. */
  static final class Builder {
    final Map<TopicIdPartition, ManifestEntry> entries = new HashMap<>();
    final Map<TopicIdPartition, String> damaged = new HashMap<>();
    JournalMark journal = JournalMark.NONE;
  }

  private static ManifestContent unusable(long bytes, String problem) {
    return new ManifestContent(Map.of(), Map.of(), JournalMark.NONE, 0, bytes, problem);
  }

  /**
   * Reads the file.
   *
   * @param directoryId of the log directory; a manifest of another one is a problem
   * @throws IOException only if it cannot be read; whatever is in it, is no reason
   */
  public static ManifestContent read(Storage storage, Path file, UUID directoryId)
      throws IOException {
    if (!storage.exists(file)) {
      return NONE;
    }
    ByteBuffer content = ByteBuffer.wrap(storage.readSmall(file));
    String problem = ManifestCodec.problemOfHeader(content, directoryId);
    if (!problem.isEmpty()) {
      return unusable(content.limit(), problem);
    }
    Builder found = new Builder();
    int at = ManifestCodec.HEADER_BYTES;
    long sequence = firstSequence(content, at) - 1;
    int length = ManifestCodec.soundBodyBytes(content, at, sequence + 1);
    while (length >= 0) {
      int body = at + ManifestCodec.TRANSACTION_OVERHEAD_BYTES;
      try {
        ManifestCodec.apply(content.slice(body, length), found);
      } catch (IllegalArgumentException e) {
        return unusable(content.limit(), String.valueOf(e.getMessage()));
      }
      sequence++;
      at = body + length;
      length = ManifestCodec.soundBodyBytes(content, at, sequence + 1);
    }
    boolean any = at > ManifestCodec.HEADER_BYTES;
    return new ManifestContent(
        found.entries, found.damaged, found.journal, any ? sequence : 0, content.limit() - at, "");
  }

  /** Whether it goes at least as far as the transaction that the journal names. */
  public boolean reaches(long namedByJournal) {
    return problem.isEmpty() && sequence >= namedByJournal;
  }

  private static long firstSequence(ByteBuffer content, int at) {
    return content.limit() - at < ManifestCodec.TRANSACTION_OVERHEAD_BYTES
        ? 1
        : content.getLong(at + Integer.BYTES);
  }
}
