// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.clients;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs programs and hands back what they print. Thread-safe. */
final class Programs {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private Programs() {}

  /** Whether a program ends with 0; false also where there is none of that name. */
  static boolean works(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Runs a program to its end and returns its standard output.
   *
   * @param input for its standard input
   * @throws IOException with what it said if it does not end with 0 in time
   */
  static String run(String input, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path err = Files.createTempFile("client-", ".err");
    Path out = Files.createTempFile("client-", ".out");
    Path in = Files.writeString(Files.createTempFile("client-", ".in"), input);
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      process.destroyForcibly();
      if (!ended || process.exitValue() != 0) {
        throw new IOException(
            "%s %s: %s%s"
                .formatted(
                    Arrays.toString(command),
                    ended ? "ended with " + process.exitValue() : "did not end",
                    Files.readString(err),
                    Files.readString(out)));
      }
      return Files.readString(out, StandardCharsets.UTF_8);
    } finally {
      for (Path file : List.of(err, out, in)) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** A tool of Kafka's, in a process of its own. */
  static String[] tool(String name, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                "org.apache.kafka.tools." + name));
    command.addAll(List.of(arguments));
    return command.toArray(String[]::new);
  }
}
