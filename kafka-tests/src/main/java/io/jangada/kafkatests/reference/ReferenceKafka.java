// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.reference;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Kafka in a process of its own, with free ports and a temporary directory. The process ends
 * with this one, however this one ends: its standard input is a pipe from here.
 */
public final class ReferenceKafka implements SpokenTo {
  private static final Duration START_PATIENCE = Duration.ofSeconds(60);
  private static final Duration END_PATIENCE = Duration.ofSeconds(20);
  private static final int LOG_TAIL_LINES = 30;

  private final Process process;
  private final Path directory;
  private final List<InetSocketAddress> brokers;

  private ReferenceKafka(Process process, Path directory, List<InetSocketAddress> brokers) {
    this.process = process;
    this.directory = directory;
    this.brokers = List.copyOf(brokers);
  }

  /**
   * Starts so many brokers, the first of them also the controller, and waits until each knows all.
   *
   * @throws IOException if the process ends or is not ready in time; has the end of its log
   */
  public static ReferenceKafka start(int brokers) throws IOException, InterruptedException {
    return start(brokers, Map.of());
  }

  /** The same with further settings of the brokers, as {@code server.properties} has them. */
  public static ReferenceKafka start(int brokers, Map<String, String> settings)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("reference-kafka-");
    List<Integer> ports = freePorts(brokers + 1);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                KafkaHost.class.getName(),
                directory.toString()));
    ports.forEach(port -> command.add(Integer.toString(port)));
    settings.forEach((name, value) -> command.add(name + "=" + value));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("kafka.log").toFile())
            .start();
    List<InetSocketAddress> addresses =
        ports.stream()
            .skip(1)
            .map(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .toList();
    ReferenceKafka kafka = new ReferenceKafka(process, directory, addresses);
    try {
      kafka.awaitReady();
      return kafka;
    } catch (IOException | InterruptedException | RuntimeException e) {
      kafka.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return "kafka";
  }

  @Override
  public List<InetSocketAddress> brokers() {
    return brokers;
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    process.onExit().orTimeout(END_PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(directory)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }

  /** The host says so in a file, once every broker serves. */
  private void awaitReady() throws IOException, InterruptedException {
    long deadlineNanos = System.nanoTime() + START_PATIENCE.toNanos();
    while (!Files.exists(directory.resolve(KafkaHost.READY))) {
      if (!process.isAlive() || System.nanoTime() > deadlineNanos) {
        throw new IOException(
            "expected Kafka to serve within %d s, but it %s; the end of its log:%n%s"
                .formatted(
                    START_PATIENCE.toSeconds(),
                    process.isAlive() ? "does not" : "ended",
                    logTail()));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private String logTail() throws IOException {
    List<String> lines =
        new String(Files.readAllBytes(directory.resolve("kafka.log")), StandardCharsets.UTF_8)
            .lines()
            .toList();
    return String.join(
        System.lineSeparator(),
        lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      List<Integer> ports = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        held.add(socket);
        ports.add(socket.getLocalPort());
      }
      return ports;
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }
}
