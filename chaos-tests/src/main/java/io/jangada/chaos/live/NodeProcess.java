// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One node of a local cluster and the process that runs it now, if one does. Its standard input is
 * a pipe from this process: should we die in whatever way, the node sees it end and stops. Not
 * thread-safe.
 */
public final class NodeProcess {
  private static final Duration SIGNAL_PATIENCE = Duration.ofSeconds(30);
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);
  private static final int LOG_TAIL_LINES = 30;
  private static final String JAVA_OPTIONS = "JANGADA_JAVA_OPTS";

  private final NodePlan plan;
  private final Commands commands;
  private final HttpClient http;
  private final List<String> javaOptions;
  private @Nullable Process process;
  private @Nullable UUID bootId;

  NodeProcess(NodePlan plan, Commands commands, HttpClient http, List<String> javaOptions) {
    this.plan = plan;
    this.commands = commands;
    this.http = http;
    this.javaOptions = List.copyOf(javaOptions);
  }

  /** Where it listens and keeps its data. */
  public NodePlan plan() {
    return plan;
  }

  /** Whether a process runs, be it ready, busy or frozen. */
  public boolean running() {
    Process current = process;
    return current != null && current.isAlive();
  }

  /** The process id of the node's JVM: the start script becomes it. */
  public long pid() {
    return current().pid();
  }

  /**
   * Starts the process; returns before it is ready.
   *
   * @throws IllegalStateException if one runs
   */
  public void start() throws IOException {
    if (running()) {
      throw new IllegalStateException("node " + plan.id() + " runs already");
    }
    ProcessBuilder builder =
        commands
            .builder(List.of("server", "-c", plan.configFile().toString(), "--stop-at-eof"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(plan.logFile().toFile()));
    List<String> options = new ArrayList<>(javaOptions);
    UUID boot = bootId;
    if (boot != null) {
      options.add("-Djangada.test.boot-id=" + boot);
    }
    if (!options.isEmpty()) {
      builder
          .environment()
          .merge(JAVA_OPTIONS, String.join(" ", options), (given, own) -> given + " " + own);
    }
    process = builder.start();
  }

  /** From its next start on it sees a machine that has been booted. */
  public void reboot() {
    bootId = UUID.randomUUID();
  }

  /** Whether {@code /readyz} answers that it is. */
  public boolean ready() throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + plan.httpAddress() + "/readyz"))
            .timeout(PROBE_TIMEOUT)
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** Kills it with SIGKILL and waits until it is gone. */
  public void kill() throws InterruptedException {
    Process victim = current();
    victim.destroyForcibly();
    await(victim, "SIGKILL");
  }

  /** Asks it with SIGTERM to stop and waits until it has. */
  public void stop() throws InterruptedException {
    Process asked = current();
    asked.destroy();
    await(asked, "SIGTERM");
  }

  /** Stops it with SIGSTOP: it holds its connections and answers nothing. */
  public void freeze() throws IOException, InterruptedException {
    signal("-STOP");
  }

  /** Lets a frozen process go on. */
  public void thaw() throws IOException, InterruptedException {
    signal("-CONT");
  }

  /** The end of what it printed, for a message about its failure. */
  public String logTail() {
    Path file = plan.logFile();
    if (!Files.exists(file)) {
      return "";
    }
    try {
      List<String> lines =
          new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
      return String.join(
          System.lineSeparator(),
          lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "(cannot read " + file + ": " + e + ")";
    }
  }

  /** Kills it if it runs, without waiting; safe in a shutdown hook. */
  void abandon() {
    Process current = process;
    if (current != null) {
      current.destroyForcibly();
    }
  }

  /** Waits until an abandoned process is gone, so that its files may be removed. */
  void awaitEnd() {
    Process current = process;
    if (current != null) {
      current.onExit().orTimeout(SIGNAL_PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
  }

  private Process current() {
    Process current = process;
    if (current == null || !current.isAlive()) {
      throw new IllegalStateException("node " + plan.id() + " does not run");
    }
    return current;
  }

  private void signal(String name) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", name, Long.toString(pid())).redirectErrorStream(true).start();
    await(kill, name);
    if (kill.exitValue() != 0) {
      throw new IOException("kill " + name + " failed for node " + plan.id());
    }
  }

  private void await(Process awaited, String after) throws InterruptedException {
    if (!awaited.waitFor(SIGNAL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException(
          "expected node " + plan.id() + " to end after " + after + ", but it runs on");
    }
  }
}
