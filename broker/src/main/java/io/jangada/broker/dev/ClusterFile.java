// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.dev;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code cluster.json}: what runs where, for {@code dev restart}, {@code dev kill} and scripts.
 * There while {@code dev} runs; replaced whole, never half written.
 *
 * @param pid of {@code dev} itself
 * @param brokers by ascending id
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClusterFile(long pid, List<Entry> brokers) {
  /** Its name in the cluster's directory. */
  public static final String NAME = "cluster.json";

  /**
   * One broker.
   *
   * @param pid of its last process
   * @param state running or dead
   * @param kafka null as long as there is no Kafka listener
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Entry(
      int id,
      long pid,
      String state,
      String grpc,
      @Nullable String kafka,
      String http,
      String log) {
    /** Its process runs. */
    public static final String RUNNING = "running";

    /** Its process has ended; nobody starts it again by itself. */
    public static final String DEAD = "dead";

    /** Whether its process ran when the file was written. */
    @JsonIgnore
    public boolean isRunning() {
      return state.equals(RUNNING);
    }
  }

  /**
   * The file of the cluster that runs in that directory.
   *
   * @throws CommandException {@link ExitCode#NOT_FOUND} if none runs there
   */
  public static ClusterFile ofRunning(Path directory) {
    ClusterFile file;
    try {
      file = new ObjectMapper().readValue(directory.resolve(NAME).toFile(), ClusterFile.class);
    } catch (NoSuchFileException | java.io.FileNotFoundException e) {
      throw notRunning(directory);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED,
          "could not read " + directory.resolve(NAME) + ": " + e.getMessage(),
          "stop 'jangada dev' and start it again",
          e);
    }
    if (!isAlive(file.pid())) {
      throw notRunning(directory);
    }
    return file;
  }

  /** The broker of that id. */
  public Entry broker(int id) {
    return brokers.stream()
        .filter(entry -> entry.id() == id)
        .findFirst()
        .orElseThrow(
            () ->
                new CommandException(
                    ExitCode.NOT_FOUND,
                    "expected one of the brokers "
                        + brokers.stream().map(Entry::id).toList()
                        + ", but got "
                        + id,
                    "jangada broker list"));
  }

  void write(Path directory) throws IOException {
    Path temporary = directory.resolve(NAME + ".tmp");
    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(temporary.toFile(), this);
    Files.move(
        temporary,
        directory.resolve(NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Removes the file unless it is that of another process, which has the directory now. */
  static void remove(Path directory, long pid) throws IOException {
    Path file = directory.resolve(NAME);
    if (Files.exists(file)
        && new ObjectMapper().readValue(file.toFile(), ClusterFile.class).pid() == pid) {
      Files.delete(file);
    }
  }

  /** Whether there is such a process. */
  public static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private static CommandException notRunning(Path directory) {
    return new CommandException(
        ExitCode.NOT_FOUND,
        "expected a cluster of 'jangada dev' running in " + directory + ", but there is none",
        "start one with: jangada dev -n 3; or name its directory with --data DIR");
  }
}
