// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import io.jangada.replication.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file of the journal and what is in it. Guarded by {@link JournalFiles}, except for writing. */
final class JournalFile {
  private static final Pattern NAME = Pattern.compile("(\\d{8})\\.journal");

  private final int number;
  private final StorageFile file;
  private long position;
  private long firstSequence;
  private long highestNumber;

  JournalFile(int number, StorageFile file) {
    this.number = number;
    this.file = file;
  }

  static Path path(Path directory, int number) {
    return directory.resolve(String.format(Locale.ROOT, "%08d.journal", number));
  }

  /** The number in the file's name; empty if it is not a journal's. */
  static OptionalInt number(Path path) {
    Matcher matcher = NAME.matcher(String.valueOf(path.getFileName()));
    return matcher.matches()
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
        : OptionalInt.empty();
  }

  void begin(long sequence) {
    position = 0;
    firstSequence = sequence;
    highestNumber = 0;
  }

  /** Takes over what an earlier process left in the file. */
  void goOn(JournalTail.Part part, long behind) {
    position = behind;
    firstSequence = part.firstSequence();
    highestNumber = part.highestNumber();
  }

  /** Writes the group at the end; durable when it returns. */
  void write(ByteBuffer group, long highestNumberOfGroup) throws IOException {
    int bytes = group.remaining();
    file.write(group, position);
    position += bytes;
    highestNumber = Math.max(highestNumber, highestNumberOfGroup);
  }

  int number() {
    return number;
  }

  long position() {
    return position;
  }

  long firstSequence() {
    return firstSequence;
  }

  long highestNumber() {
    return highestNumber;
  }

  void close() throws IOException {
    file.close();
  }
}
