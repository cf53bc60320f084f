// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.dev;

import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The broker processes of one local cluster. One thread starts, watches and stops them; {@link
 * #requestStop} may be called from any.
 */
public final class DevCluster {
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(25);
  private static final long POLL_MS = 50;
  private static final long LOG_TAIL_BYTES = 4_096;

  /** Starts the process of one node. */
  @FunctionalInterface
  public interface Starter {
    /**
     * Starts it as a child of this process, which holds its standard input.
     *
     * @param logFile where standard output and error are appended
     */
    Process start(Path configFile, Path logFile) throws IOException;
  }

  private final DevLayout layout;
  private final Starter starter;
  private final Consumer<String> out;
  private final BooleanSupplier directoryIsOurs;
  private final Map<Integer, Process> processes = new TreeMap<>();
  private final Set<Integer> dead = new TreeSet<>();
  private final CountDownLatch stopRequested = new CountDownLatch(1);

  /**
   * Starts nothing yet.
   *
   * @param starter makes the processes
   * @param out takes the lines that tell what happens
   */
  public DevCluster(DevLayout layout, Starter starter, Consumer<String> out) {
    this(layout, starter, out, () -> true);
  }

  /**
   * The same in a directory that may be taken away.
   *
   * @param directoryIsOurs asked often while the brokers run
   */
  public DevCluster(
      DevLayout layout, Starter starter, Consumer<String> out, BooleanSupplier directoryIsOurs) {
    this.directoryIsOurs = directoryIsOurs;
    this.layout = layout;
    this.starter = starter;
    this.out = out;
  }

  /** Starts every broker and waits until all are ready. */
  public void start(Duration timeout) throws IOException, InterruptedException {
    for (DevNode node : layout.nodes()) {
      setAsideOldLog(layout.logFile(node.id()));
      spawn(node);
    }
    writeClusterFile();
    long deadlineNs = System.nanoTime() + timeout.toNanos();
    List<DevNode> waiting = new ArrayList<>(layout.nodes());
    Map<Integer, String> reasons = new TreeMap<>();
    while (!waiting.isEmpty()) {
      for (DevNode node : List.copyOf(waiting)) {
        requireAlive(node);
        String reason = ReadyProbe.whyNotReady(node.httpAddress());
        reasons.put(node.id(), reason);
        if (reason.isEmpty()) {
          waiting.remove(node);
        }
      }
      if (System.nanoTime() > deadlineNs) {
        throw notReady(waiting, reasons, timeout);
      }
      if (!waiting.isEmpty() && stopComes(POLL_MS)) {
        throw new CommandException(ExitCode.FAILED, "stopped while starting", "");
      }
    }
  }

  /**
   * Tells of deaths and serves restart requests until a stop is asked for.
   *
   * @throws CommandException if the directory was taken away meanwhile
   */
  public void watch() throws IOException, InterruptedException {
    while (!stopComes(POLL_MS)) {
      if (!directoryIsOurs.getAsBoolean()) {
        throw new CommandException(
            ExitCode.FAILED,
            "expected "
                + layout.directory()
                + " to stay as long as its brokers run, but somebody has removed it",
            "the brokers are stopped; begin anew with: jangada dev --fresh");
      }
      for (DevNode node : layout.nodes()) {
        if (!processOf(node).isAlive() && dead.add(node.id())) {
          writeClusterFile();
          out.accept(
              "broker %d died (exit code %d); start it again with: jangada dev restart %d"
                  .formatted(node.id(), processOf(node).exitValue(), node.id()));
        }
        serveRequest(node);
      }
    }
  }

  /** Ends {@link #start} or {@link #watch}. */
  public void requestStop() {
    stopRequested.countDown();
  }

  /** Asks every broker to stop and waits; kills those that do not. */
  public void stop() throws IOException, InterruptedException {
    processes.values().forEach(Process::destroy);
    long deadlineNs = System.nanoTime() + STOP_PATIENCE.toNanos();
    for (Map.Entry<Integer, Process> entry : processes.entrySet()) {
      Process process = entry.getValue();
      if (!process.waitFor(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        out.accept("broker " + entry.getKey() + " does not stop; killing it");
        process.destroyForcibly().waitFor();
      }
    }
    ClusterFile.remove(layout.directory(), ProcessHandle.current().pid());
  }

  /** What {@code cluster.json} says now. */
  public ClusterFile describe() {
    List<ClusterFile.Entry> brokers = new ArrayList<>();
    for (DevNode node : layout.nodes()) {
      Process process = processOf(node);
      brokers.add(
          new ClusterFile.Entry(
              node.id(),
              process.pid(),
              process.isAlive() ? ClusterFile.Entry.RUNNING : ClusterFile.Entry.DEAD,
              node.grpcAddress(),
              node.kafkaPort() == 0 ? null : node.kafkaAddress(),
              node.httpAddress(),
              layout.logFile(node.id()).toString()));
    }
    return new ClusterFile(ProcessHandle.current().pid(), brokers);
  }

  private void serveRequest(DevNode node) throws IOException {
    Process process = processOf(node);
    if (!process.isAlive() && RestartRequest.take(layout.directory(), node.id(), process.pid())) {
      spawn(node);
      writeClusterFile();
      out.accept("broker %d started again (pid %d)".formatted(node.id(), processOf(node).pid()));
    }
  }

  private void spawn(DevNode node) throws IOException {
    processes.put(
        node.id(), starter.start(layout.configFile(node.id()), layout.logFile(node.id())));
    dead.remove(node.id());
  }

  private static void setAsideOldLog(Path log) throws IOException {
    if (Files.exists(log)) {
      Files.move(
          log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void writeClusterFile() throws IOException {
    describe().write(layout.directory());
  }

  private Process processOf(DevNode node) {
    return Objects.requireNonNull(processes.get(node.id()), "not started");
  }

  private boolean stopComes(long waitMs) throws InterruptedException {
    return stopRequested.await(waitMs, TimeUnit.MILLISECONDS);
  }

  private void requireAlive(DevNode node) throws IOException {
    Process process = processOf(node);
    if (!process.isAlive()) {
      Path log = layout.logFile(node.id());
      throw new CommandException(
          ExitCode.FAILED,
          "broker %d did not start (exit code %d): %s"
              .formatted(node.id(), process.exitValue(), lastError(log)),
          "its log is " + log);
    }
  }

  private static CommandException notReady(
      List<DevNode> waiting, Map<Integer, String> reasons, Duration timeout) {
    StringBuilder text = new StringBuilder();
    waiting.forEach(
        node ->
            text.append("; broker ").append(node.id()).append(": ").append(reasons.get(node.id())));
    return new CommandException(
        ExitCode.UNAVAILABLE,
        "expected all brokers to be ready within "
            + timeout.toSeconds()
            + " s, but"
            + text.substring(1),
        "look into broker-N/broker.log, or give it longer with --timeout 60s");
  }

  /** The error that the launcher printed into the log, else the last one logged. */
  private static String lastError(Path log) throws IOException {
    long size = Files.size(log);
    try (SeekableByteChannel channel = Files.newByteChannel(log)) {
      channel.position(Math.max(0, size - LOG_TAIL_BYTES));
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(size, LOG_TAIL_BYTES));
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // Read on.
      }
      List<String> lines = StandardCharsets.UTF_8.decode(bytes.flip()).toString().lines().toList();
      return lastWith(lines, "error: ")
          .or(() -> lastWith(lines, " ERROR "))
          .orElse(lines.isEmpty() ? "it said nothing" : lines.getLast());
    }
  }

  private static Optional<String> lastWith(List<String> lines, String mark) {
    return lines.reversed().stream()
        .filter(line -> line.contains(mark))
        .map(line -> line.substring(line.indexOf(mark) + mark.length()))
        .findFirst();
  }
}
