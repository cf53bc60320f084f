// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.ecosystem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program of Kafka's in a process of its own, which ends with this one. For one thread, but for
 * its output, which another may read.
 */
final class KafkaProgram implements AutoCloseable {
  private static final Duration END_PATIENCE = Duration.ofSeconds(20);
  private static final int LOG_TAIL_LINES = 25;

  private final Process process;
  private final Path log;
  private final Thread shutdownHook;

  private KafkaProgram(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.shutdownHook = new Thread(process::destroyForcibly, "kafka-program-cleanup");
    Runtime.getRuntime().addShutdownHook(shutdownHook);
  }

  /** One whose log, and whatever else it prints, is in a file. */
  static KafkaProgram start(Path log, String type, String... arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(type, arguments));
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new KafkaProgram(builder.start(), log);
  }

  /** One whose standard output is read here, and whose log is in a file. */
  static KafkaProgram startRead(Path log, String type, String... arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(type, arguments));
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return new KafkaProgram(builder.start(), log);
  }

  private static List<String> command(String type, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx384m",
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
                "-cp",
                System.getProperty("java.class.path"),
                type));
    command.addAll(List.of(arguments));
    return command;
  }

  /** What runs. */
  Process process() {
    return process;
  }

  boolean running() {
    return process.isAlive();
  }

  /** As a power cut does: nothing is flushed, nothing is said. */
  void kill() throws InterruptedException {
    // By its handle: Process would close what is still to be read of its output.
    process.toHandle().destroyForcibly();
    await();
  }

  /** As an operator does. */
  void stop() throws InterruptedException {
    process.toHandle().destroy();
    if (!process.waitFor(END_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      kill();
    }
  }

  private void await() throws InterruptedException {
    if (!process.waitFor(END_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("process " + process.pid() + " did not end in time");
    }
  }

  /** The end of its log, for messages. */
  String logTail() {
    try {
      List<String> lines =
          new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines().toList();
      return String.join(
          System.lineSeparator(),
          lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "its log cannot be read: " + e;
    }
  }

  /** Ends it at once if it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().orTimeout(END_PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      // This process is ending; the hook has nothing left to do.
      return;
    }
  }
}
