// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Runs {@code jangada} as people and scripts do. Thread-safe. */
public final class Commands {
  private final Distribution distribution;

  /** Commands of that distribution. */
  public Commands(Distribution distribution) {
    this.distribution = distribution;
  }

  /**
   * What a command came to.
   *
   * @param out standard output
   * @param err standard error
   */
  public record Result(int exitCode, String out, String err) {}

  /** Runs a command without input and waits for its end. */
  public Result run(String... arguments) throws IOException, InterruptedException {
    Process process = builder(List.of(arguments)).start();
    process.getOutputStream().close();
    CompletableFuture<String> err =
        CompletableFuture.supplyAsync(() -> text(process.errorReader()));
    String out = text(process.inputReader());
    return new Result(process.waitFor(), out, err.join());
  }

  /**
   * Runs a command that has to succeed and returns what it printed.
   *
   * @throws IOException with what it said if it failed
   */
  public String expect(String... arguments) throws IOException, InterruptedException {
    Result result = run(arguments);
    if (result.exitCode() != 0) {
      throw new IOException(
          "jangada "
              + String.join(" ", arguments)
              + " ended with "
              + result.exitCode()
              + ": "
              + result.err());
    }
    return result.out();
  }

  /**
   * A process to be started. It does not inherit settings of Jangada from our environment, but for
   * those of the start script.
   */
  public ProcessBuilder builder(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(distribution.executable().toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("JANGADA_") && !name.startsWith("JANGADA_JAVA"));
    return builder;
  }

  private static String text(Reader reader) {
    StringBuilder text = new StringBuilder();
    char[] buffer = new char[8192];
    try (reader) {
      for (int read = reader.read(buffer); read >= 0; read = reader.read(buffer)) {
        text.append(buffer, 0, read);
      }
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
