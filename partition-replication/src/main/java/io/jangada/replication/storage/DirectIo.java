// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Files that are written past the page cache (O_DIRECT), where their file system has that. */
final class DirectIo {
  /** For tests with a file system on FUSE that is known to keep its word. */
  private static final String TEST_PROPERTY = "jangada.test.direct-on-fuse";

  private static final String OPTIONS = "com.sun.nio.file.ExtendedOpenOption";

  private DirectIo() {}

  /** A file, and what positions, lengths and addresses must be multiples of. */
  record DirectChannel(FileChannel channel, int alignmentBytes) {}

  /**
   * Opens a file that exists for reading and writing.
   *
   * @throws UnsupportedOperationException if files there cannot be written so, or it is not sure
   *     what a write would mean
   * @throws IOException as some file systems say the same
   */
  static DirectChannel open(Path path, OpenOption... more) throws IOException {
    int alignmentBytes = alignmentBytes(path);
    List<OpenOption> options = new ArrayList<>(List.of(more));
    options.add(StandardOpenOption.READ);
    options.add(StandardOpenOption.WRITE);
    options.add(direct());
    return new DirectChannel(
        FileChannel.open(path, options.toArray(OpenOption[]::new)), alignmentBytes);
  }

  /** By name, because the compiler warns of the option's package, which every JDK has. */
  private static OpenOption direct() {
    try {
      for (Object option : Class.forName(OPTIONS).getEnumConstants()) {
        if (option instanceof OpenOption direct && direct.toString().equals("DIRECT")) {
          return direct;
        }
      }
    } catch (ClassNotFoundException e) {
      throw new UnsupportedOperationException("the JDK has no " + OPTIONS, e);
    }
    throw new UnsupportedOperationException("the JDK's " + OPTIONS + " has no DIRECT");
  }

  private static int alignmentBytes(Path path) throws IOException {
    FileStore store = Files.getFileStore(path);
    String type = store.type().toLowerCase(Locale.ROOT);
    boolean passedOn = type.startsWith("fuse") || type.equals("virtiofs") || type.equals("9p");
    if (passedOn && !Boolean.getBoolean(TEST_PROPERTY)) {
      // They may take the flags and still answer a write before it is durable.
      throw new UnsupportedOperationException("the file system is " + type);
    }
    long blockBytes = store.getBlockSize();
    if (blockBytes > AlignedBuffers.ALIGNMENT_BYTES
        || AlignedBuffers.ALIGNMENT_BYTES % blockBytes != 0) {
      throw new UnsupportedOperationException("the file system has blocks of " + blockBytes);
    }
    return (int) blockBytes;
  }

  /**
   * Some file systems take the flag at the opening and refuse the first write. The JDK tells errors
   * of a write apart by nothing but the system's words.
   */
  static boolean isRefusal(IOException e) {
    return String.valueOf(e.getMessage()).contains("Invalid argument");
  }
}
