// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/** Small property files that are either the old one or the new one after a crash, never half. */
final class DurableFiles {
  private static final long MAX_BYTES = 64 * 1024;

  private DurableFiles() {}

  /** Replaces the file: temporary file, fsync, rename, fsync of the directory. */
  static void write(Path file, Map<String, String> properties) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(properties).forEach((key, value) -> text.append(key + "=" + value + "\n"));
    Path directory = file.toAbsolutePath().getParent();
    Path temporary = directory.resolve(file.getFileName() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      syncDirectory(directory);
    } catch (AtomicMoveNotSupportedException e) {
      throw failed("rename " + temporary, e);
    } catch (IOException e) {
      throw failed("write " + file, e);
    }
  }

  /** The properties in the file, or empty if there is no such file. */
  static Optional<Map<String, String>> read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new JangadaException(
            ErrorCode.STORAGE_ERROR,
            "expected at most " + MAX_BYTES + " bytes in " + file + ", but it has more",
            "the file is not one of Jangada's; restore it from a backup");
      }
      Properties properties = new Properties();
      properties.load(new StringReader(Files.readString(file)));
      Map<String, String> values = new TreeMap<>();
      properties.stringPropertyNames().forEach(k -> values.put(k, properties.getProperty(k)));
      return Optional.of(values);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed("read " + file, e);
    } catch (IllegalArgumentException e) {
      throw new JangadaException(
          ErrorCode.STORAGE_ERROR,
          "expected key=value lines in " + file + ", but it is garbage: " + e.getMessage(),
          "restore it from a backup",
          true,
          e);
    }
  }

  /** Creates a directory and its parents. */
  static void createDirectories(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw failed("create the directory " + directory, e);
    }
  }

  static JangadaException failed(String what, IOException cause) {
    String reason =
        cause instanceof FileSystemException f && f.getReason() != null
            ? f.getReason()
            : cause.getClass().getSimpleName() + " " + cause.getMessage();
    return new JangadaException(
        ErrorCode.STORAGE_ERROR,
        "could not " + what + ": " + reason,
        "check that the path is a directory which this user may read and write, and that the disk"
            + " is not full",
        true,
        cause);
  }

  private static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
