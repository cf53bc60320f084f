// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Remembers how a store was left. The store does not sync its commits: they survive the process in
 * the page cache, but not the machine. So its files are worth something only if they were closed in
 * good order, or if the machine has not been booted since they were opened.
 */
final class CleanMark {
  private static final String CLEAN = "clean";
  private static final String OPEN = "open ";

  /** Takes the kernel's place in tests that cut the power without booting a machine. */
  private static final String TEST_PROPERTY = "jangada.test.boot-id";

  private final Path file;
  private final String bootId;

  CleanMark(Path file, String bootId) {
    this.file = file;
    this.bootId = bootId;
  }

  /** The id of the machine's boot; another after every start of the kernel. */
  static String currentBootId() {
    String given = System.getProperty(TEST_PROPERTY, "");
    if (!given.isEmpty()) {
      return given;
    }
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      // Never equal to another one: then only what was closed in good order is trusted.
      return "unknown-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    }
  }

  boolean trustworthy() throws IOException {
    try {
      String mark = Files.readString(file);
      return mark.equals(CLEAN) || mark.equals(OPEN + bootId);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  void opened() throws IOException {
    write(OPEN + bootId);
  }

  void closed() throws IOException {
    write(CLEAN);
  }

  private void write(String mark) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(mark.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(next, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }
}
