// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import io.jangada.replication.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The files of a journal piece by piece, and which of them belong to it. Used by one thread, for
 * one pass.
 */
final class JournalPieces implements AutoCloseable {
  private final Storage storage;
  private final JournalConfig config;
  private final FileWindow window;
  private final List<String> remarks = new ArrayList<>();
  private String misplaced = "";

  JournalPieces(Storage storage, JournalConfig config) {
    this.storage = storage;
    this.config = config;
    window = new FileWindow(storage, config.fileBytes());
  }

  /** For people: files that do not belong here, or are shorter than they should be. */
  List<String> remarks() {
    return remarks;
  }

  /** Which file of this journal lies in another's place; empty if none does. */
  String misplaced() {
    return misplaced;
  }

  List<ProbedFile> probeAll() throws IOException, UnreadableException {
    List<ProbedFile> files = new ArrayList<>();
    if (!storage.exists(config.directory())) {
      return files;
    }
    for (Path path : storage.list(config.directory())) {
      OptionalInt number = JournalFile.number(path);
      if (number.isPresent()) {
        files.add(probe(number.getAsInt(), path));
      }
    }
    return files;
  }

  private ProbedFile probe(int number, Path path) throws UnreadableException {
    long size = size(path);
    ByteBuffer block = at(path, 0, JournalConfig.BLOCK_BYTES);
    GroupHeader first = GroupFormat.header(block);
    boolean isEmpty = block.limit() > 0 && block.mismatch(ByteBuffer.allocate(block.limit())) < 0;
    int version = GroupFormat.version(block);
    String stranger = first == null ? "" : stranger(first, number);
    if (!stranger.isEmpty()) {
      remarks.add(path + " " + stranger);
      if (first.directoryId().equals(config.directoryId())) {
        misplaced = path + " " + stranger;
      }
      first = null;
    } else if (first == null && version != 0 && !GroupFormat.isKnown(version)) {
      remarks.add(path + " begins with a group of version " + version);
    } else if (first == null && !isEmpty) {
      remarks.add(path + " begins with no group");
    }
    if (first != null && size != first.fileBytes()) {
      remarks.add(path + " has " + size + " bytes, but was made with " + first.fileBytes());
    }
    return new ProbedFile(number, path, size, first, isEmpty, stranger);
  }

  private String stranger(GroupHeader first, int number) {
    if (!first.directoryId().equals(config.directoryId())) {
      return "belongs to the log directory " + first.directoryId();
    }
    return first.file() == number && first.position() == 0
        ? ""
        : "holds what was written to " + place(first.file(), first.position());
  }

  boolean hasGroup(ProbedFile file) throws UnreadableException {
    for (long position = 0; position < file.bytes(); position += JournalConfig.BLOCK_BYTES) {
      if (headerAt(at(file.path(), position, GroupFormat.SECTOR_BYTES), file, position) != null) {
        return true;
      }
    }
    return false;
  }

  @Nullable GroupHeader headerAt(ByteBuffer sector, ProbedFile file, long position) {
    GroupHeader header = GroupFormat.header(sector);
    boolean isHere =
        header != null
            && header.directoryId().equals(config.directoryId())
            && header.file() == file.number()
            && header.position() == position
            && header.bodyBytes() >= 0
            && header.bodyBytes() <= header.fileBytes()
            && header.fileBytes() <= Integer.MAX_VALUE;
    return isHere ? header : null;
  }

  String place(int file, long position) {
    return JournalFile.path(config.directory(), file) + " at " + position;
  }

  ByteBuffer at(Path path, long position, int wanted) throws UnreadableException {
    try {
      return window.at(path, position, wanted);
    } catch (IOException e) {
      throw new UnreadableException(path + " at " + position, e);
    }
  }

  private long size(Path path) throws UnreadableException {
    try {
      return window.size(path);
    } catch (IOException e) {
      throw new UnreadableException(path.toString(), e);
    }
  }

  /** Forgets what was read; it may be read again. */
  @Override
  public void close() throws IOException {
    window.close();
  }
}
