// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.quorum;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checksums of all files that a member was stopped with, in a file of their own that exists
 * only while the member is stopped in good order. A log that is cut off looks like one that ends,
 * and the store has no checksums: with the seal neither is taken for whole.
 */
final class Seal {
  private static final Logger LOG = LoggerFactory.getLogger(Seal.class);
  private static final String NAME = "seal";
  private static final String STORE = "metadata.mdb";

  /** Locks, marks, what is worth nothing to the next start, and the seal itself. */
  private static final Pattern UNSEALED =
      Pattern.compile("(.*/)?(seal|reserve|in_use\\.lock|.*-lock|.*\\.(mark|tmp|next|partial))");

  /**
   * Ratis makes room in it ahead of what it writes, and takes that away again when it is closed: by
   * a thread for which its own close waits only so long.
   */
  private static final Pattern MADE_AHEAD = Pattern.compile("log_inprogress_\\d+");

  private final Path directory;
  private final Path file;

  Seal(Path directory) {
    this.directory = directory;
    this.file = directory.resolve(NAME);
  }

  /**
   * Compares the files to the seal, if there is one, and breaks it. A damaged store is removed: the
   * snapshot and the log have all of it.
   *
   * @throws JangadaException STORAGE_ERROR naming the file, where it cannot be replaced
   */
  void verify(int nodeId) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    Map<String, String> sealed = read();
    if (sealed.isEmpty()) {
      // The log and the snapshots have checksums of their own.
      discardStore();
    }
    Map<String, String> found = sealed.isEmpty() ? Map.of() : sums(false);
    for (String path : union(sealed, found)) {
      String expected = sealed.getOrDefault(path, "no such file");
      String actual = found.getOrDefault(path, "no such file");
      if (expected.equals(actual)) {
        continue;
      }
      if (path.equals(STORE)) {
        LOG.warn(
            "{}: expected {} as when this member stopped, but found {}: it is discarded and made"
                + " again from the snapshot and the log",
            directory.resolve(path),
            expected,
            actual);
        discardStore();
        continue;
      }
      throw damaged(nodeId, directory.resolve(path), expected, actual);
    }
    Files.delete(file);
    force(directory);
  }

  private void discardStore() throws IOException {
    Files.deleteIfExists(directory.resolve(STORE));
    Files.deleteIfExists(directory.resolve(STORE + "-lock"));
  }

  /** Seals what is there; the member must not write any more. */
  void write() throws IOException {
    StringBuilder lines = new StringBuilder();
    sums(true).forEach((path, sum) -> lines.append(sum).append('\t').append(path).append('\n'));
    byte[] body = lines.toString().getBytes(StandardCharsets.UTF_8);
    Path next = file.resolveSibling(NAME + ".next");
    Files.writeString(next, sum(body) + "\n" + lines);
    force(next);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    force(directory);
  }

  /** Empty where the seal itself is damaged: then it says nothing. */
  private Map<String, String> read() throws IOException {
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\n');
    byte[] body = text.substring(end + 1).getBytes(StandardCharsets.ISO_8859_1);
    if (end < 0 || !text.substring(0, end).equals(sum(body))) {
      LOG.warn("{} is damaged: the store is made again from the snapshot and the log", file);
      return Map.of();
    }
    Map<String, String> sums = new TreeMap<>();
    for (String line : new String(body, StandardCharsets.UTF_8).split("\n", -1)) {
      int tab = line.indexOf('\t');
      if (tab > 0) {
        sums.put(line.substring(tab + 1), line.substring(0, tab));
      }
    }
    return sums;
  }

  private Map<String, String> sums(boolean durable) throws IOException {
    Map<String, String> sums = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        String path = directory.relativize(each).toString();
        if (!UNSEALED.matcher(path).matches()) {
          if (durable) {
            force(each);
          }
          sums.put(path, sum(each));
        }
      }
    }
    return sums;
  }

  private static Iterable<String> union(Map<String, String> one, Map<String, String> other) {
    Map<String, String> all = new TreeMap<>(one);
    all.putAll(other);
    return all.keySet();
  }

  private static String sum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return text(crc, bytes.length);
  }

  /** Of a file with room made ahead, up to its last byte that is not zero. */
  private static String sum(Path path) throws IOException {
    boolean madeAhead = MADE_AHEAD.matcher(String.valueOf(path.getFileName())).matches();
    CRC32C crc = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    long length = 0;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long left = madeAhead ? written(channel) : channel.size();
      while (left > 0) {
        int read = channel.read(buffer.clear().limit((int) Math.min(left, buffer.capacity())));
        if (read < 0) {
          break; // it shrank: then its length says so
        }
        crc.update(buffer.flip());
        length += read;
        left -= read;
      }
    }
    return text(crc, length);
  }

  /** The length up to the last byte that is not zero; the channel is where it was. */
  private static long written(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    long written = 0;
    long at = 0;
    for (int read = channel.read(buffer, at); read >= 0; read = channel.read(buffer.clear(), at)) {
      for (int i = 0; i < read; i++) {
        if (buffer.get(i) != 0) {
          written = at + i + 1;
        }
      }
      at += read;
    }
    return written;
  }

  private static String text(CRC32C crc, long length) {
    return length + " bytes with checksum " + Long.toHexString(crc.getValue());
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static JangadaException damaged(int nodeId, Path file, String expected, String actual) {
    return new JangadaException(
        ErrorCode.STORAGE_ERROR,
        "expected "
            + file
            + " as when quorum member "
            + nodeId
            + " was stopped ("
            + expected
            + "), but found "
            + actual,
        "the file is damaged or not this member's, and it must not vote with it: put the file back,"
            + " or remove member "
            + nodeId
            + " from the quorum and add it again as a new one, which catches up from the others",
        true,
        null);
  }
}
