// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.command;

import io.jangada.broker.dev.ClusterFile;
import io.jangada.broker.dev.DevCluster;
import io.jangada.broker.dev.DevLayout;
import io.jangada.broker.dev.ServerInvocation;
import io.jangada.broker.startup.DirectoryLock;
import io.jangada.broker.startup.Signals;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.launcher.ClusterContext;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jangada dev}: a local cluster in the foreground. */
@Command(
    name = "dev",
    subcommands = {DevRestartCommand.class, DevKillCommand.class},
    description = {
      "Run a local cluster in the foreground: N real broker processes. Ctrl-C stops them.",
      "A broker that dies stays dead until 'jangada dev restart ID'. Data is kept unless --fresh."
    })
public final class DevCommand implements Callable<Integer> {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
  private static final String CONTEXT = "dev";

  private final Invocation invocation;

  @Mixin DevOptions dev = new DevOptions();

  @Option(
      names = {"-n", "--nodes"},
      paramLabel = "N",
      description = "How many brokers, 1 to 9 (default: as many as there were, else 1).")
  @Nullable Integer nodes;

  @Option(names = "--fresh", description = "Wipe what an earlier run left behind.")
  boolean fresh;

  @Option(
      names = "--port-base",
      paramLabel = "PORT",
      description = "The first broker's gRPC port; broker i is 10 further (default: 7400).")
  @Nullable Integer portBase;

  @Option(names = "--free-ports", description = "Any free ports, for several clusters at once.")
  boolean freePorts;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets a configuration key of every broker.")
  List<String> overrides = new ArrayList<>();

  /** Made by the launcher. */
  public DevCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  /** Where the cluster is that a subcommand of this means. */
  static Path directoryOf(@Nullable DevCommand parent) {
    return Objects.requireNonNull(parent, "only below 'dev'").dev.directory();
  }

  @Override
  public Integer call() throws Exception {
    long startedNs = System.nanoTime();
    Path directory = dev.directory();
    createDirectory(directory);
    try (DirectoryLock lock = lock(directory)) {
      DevLayout layout = layout(directory);
      layout.prepare();
      run(layout, lock, startedNs);
      return ExitCode.DONE.number();
    }
  }

  private static DirectoryLock lock(Path directory) {
    try {
      return DirectoryLock.acquire(directory);
    } catch (JangadaException e) {
      throw e.code() == ErrorCode.STORAGE_LOCKED
          ? new JangadaException(
              e.code(),
              String.valueOf(e.getMessage()),
              "use the cluster that runs there (jangada --context dev broker list), or another"
                  + " directory: jangada dev --free-ports --data DIR",
              e.definite(),
              e)
          : e;
    }
  }

  private void run(DevLayout layout, DirectoryLock lock, long startedNs) throws Exception {
    DevCluster cluster =
        new DevCluster(
            layout,
            (config, log) -> ServerInvocation.start(config, log, overrides),
            line -> invocation.stdio().err().println(line),
            lock::held);
    Signals signals =
        Signals.install(cluster::requestStop, STOP_TIMEOUT, Runtime.getRuntime()::halt);
    int exitCode = ExitCode.FAILED.number();
    try {
      cluster.start(invocation.timeout());
      invocation.contexts().save(new ClusterContext(CONTEXT, layout.grpcAddresses()));
      invocation.contexts().select(CONTEXT);
      long readyMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNs);
      ClusterFile description = cluster.describe();
      invocation
          .printer()
          .printText(description, () -> welcome(description, layout.directory(), readyMs));
      cluster.watch();
      exitCode = ExitCode.DONE.number();
    } finally {
      cluster.stop();
      signals.finished(exitCode);
    }
  }

  private DevLayout layout(Path directory) throws IOException {
    if (fresh) {
      DevLayout.wipe(directory);
    }
    Optional<DevLayout> existing = DevLayout.existing(directory);
    if (existing.isPresent()) {
      return requireSame(existing.get());
    }
    int count = nodes == null ? 1 : nodes;
    if (count < 1 || count > DevLayout.MAX_NODES) {
      throw new CommandException(
          ExitCode.USAGE,
          "expected 1 to " + DevLayout.MAX_NODES + " brokers, but got -n " + count,
          "jangada dev -n 3");
    }
    return freePorts
        ? DevLayout.onFreePorts(directory, count)
        : DevLayout.fromBase(
            directory, count, portBase == null ? DevLayout.DEFAULT_PORT_BASE : portBase);
  }

  private DevLayout requireSame(DevLayout existing) {
    int count = existing.nodes().size();
    if (nodes != null && nodes != count) {
      throw new CommandException(
          ExitCode.USAGE,
          "expected -n %d, because %s holds a cluster of %d, but got -n %d"
              .formatted(count, existing.directory(), count, nodes),
          "add --fresh to wipe it, or --data DIR for another one");
    }
    int port = existing.nodes().getFirst().grpcPort();
    if (portBase != null && portBase != port) {
      throw new CommandException(
          ExitCode.USAGE,
          "expected --port-base %d, because %s holds a cluster on those ports, but got %d"
              .formatted(port, existing.directory(), portBase),
          "add --fresh to wipe it, or --data DIR for another one");
    }
    return existing;
  }

  private static void createDirectory(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED,
          "could not create the directory " + directory + ": " + e,
          "name one that you can write with --data DIR",
          e);
    }
  }

  private static String welcome(ClusterFile cluster, Path directory, long readyMs) {
    Table table = new Table("BROKER", "PID", "GRPC", "HTTP", "LOG");
    for (ClusterFile.Entry broker : cluster.brokers()) {
      table.row(broker.id(), broker.pid(), broker.grpc(), "http://" + broker.http(), broker.log());
    }
    return """
    %s
    Ready in %.1f s. Context '%s' is selected. Data is kept in %s.

    Next, from another terminal:
      jangada topic create greetings --partitions 3
      echo hello | jangada produce greetings
      jangada consume greetings --from beginning -e

    Ctrl-C stops all brokers.
    """
        .formatted(table.render(), readyMs / 1000.0, CONTEXT, directory);
  }
}
