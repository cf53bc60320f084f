// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second process off a data directory: an exclusive lock on its file {@code .lock}, whose
 * content names the holder. The system drops the lock when the process dies, however it dies.
 *
 * <p>POSIX locks belong to the process, and closing any descriptor of the file drops them; so a
 * second holder in the same process is told apart before the file is opened.
 */
public final class DirectoryLock implements AutoCloseable {
  static final String FILE_NAME = ".lock";
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();
  private static final int MAX_PID_BYTES = 32;

  private final Path directory;
  private final FileChannel channel;
  private final @Nullable Object file;

  private DirectoryLock(Path directory, FileChannel channel) throws IOException {
    this.directory = directory;
    this.channel = channel;
    this.file = keyOf(directory.resolve(FILE_NAME));
  }

  private static @Nullable Object keyOf(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  /**
   * Whether the directory still has the file that is locked. Where somebody removed it, another
   * process may hold a lock on a new one.
   */
  public boolean held() {
    try {
      return Objects.equals(file, keyOf(directory.resolve(FILE_NAME)));
    } catch (IOException e) {
      return false; // not there, or not to be reached: not ours
    }
  }

  /**
   * Takes the lock, or fails at once.
   *
   * @throws JangadaException {@link ErrorCode#STORAGE_LOCKED} naming the holder's pid; {@link
   *     ErrorCode#STORAGE_ERROR}
   */
  public static DirectoryLock acquire(Path directory) {
    Path real = realPath(directory);
    if (!HELD_HERE.add(real)) {
      throw locked(directory, Long.toString(ProcessHandle.current().pid()));
    }
    boolean acquired = false;
    try {
      FileChannel channel =
          FileChannel.open(
              real.resolve(FILE_NAME),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      try {
        if (channel.tryLock() == null) {
          throw locked(directory, readPid(channel));
        }
        writePid(channel);
        acquired = true;
        return new DirectoryLock(real, channel);
      } finally {
        if (!acquired) {
          channel.close();
        }
      }
    } catch (IOException e) {
      throw DurableFiles.failed("lock " + real.resolve(FILE_NAME), e);
    } finally {
      if (!acquired) {
        HELD_HERE.remove(real);
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD_HERE.remove(directory);
    }
  }

  private static Path realPath(Path directory) {
    try {
      return directory.toRealPath();
    } catch (IOException e) {
      throw DurableFiles.failed("open the directory " + directory, e);
    }
  }

  private static JangadaException locked(Path directory, String pid) {
    return new JangadaException(
        ErrorCode.STORAGE_LOCKED,
        "expected " + directory + " for this process alone, but process " + pid + " uses it",
        "stop that process (kill " + pid + "), or set another storage.directory");
  }

  private static String readPid(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_PID_BYTES);
    channel.read(bytes, 0);
    String pid = StandardCharsets.UTF_8.decode(bytes.flip()).toString().strip();
    return pid.isEmpty() ? "(unknown)" : pid;
  }

  private static void writePid(FileChannel channel) throws IOException {
    String pid = ProcessHandle.current().pid() + "\n";
    channel.truncate(0);
    channel.write(StandardCharsets.UTF_8.encode(pid), 0);
  }
}
