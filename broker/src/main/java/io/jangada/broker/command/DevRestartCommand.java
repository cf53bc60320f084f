// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.command;

import io.jangada.broker.dev.ClusterFile;
import io.jangada.broker.dev.ReadyProbe;
import io.jangada.broker.dev.RestartRequest;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code jangada dev restart ID}: starts a dead broker of the running local cluster again. */
@Command(
    name = "restart",
    description = "Start a dead broker of the local cluster again, and wait until it is ready.")
public final class DevRestartCommand implements Callable<Integer> {
  private static final long POLL_MS = 50;

  private final Invocation invocation;

  @ParentCommand @Nullable DevCommand dev;

  @Parameters(paramLabel = "ID", description = "The broker's id.")
  int id;

  private record Answer(int broker, long pid, long readyMs) {}

  /** Made by the launcher. */
  public DevRestartCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() throws Exception {
    Path directory = DevCommand.directoryOf(dev);
    ClusterFile.Entry before = ClusterFile.ofRunning(directory).broker(id);
    if (ClusterFile.isAlive(before.pid()) && before.isRunning()) {
      throw new CommandException(
          ExitCode.FAILED,
          "expected broker " + id + " to be dead, but it runs (pid " + before.pid() + ")",
          "jangada dev kill " + id);
    }
    long startedNs = System.nanoTime();
    RestartRequest.make(directory, id, before.pid());
    long deadlineNs = startedNs + invocation.timeout().toNanos();
    String reason = "'jangada dev' did not start it";
    while (System.nanoTime() < deadlineNs) {
      ClusterFile.Entry now = ClusterFile.ofRunning(directory).broker(id);
      if (now.pid() != before.pid()) {
        requireRunning(now);
        reason = ReadyProbe.whyNotReady(now.http());
        if (reason.isEmpty()) {
          print(now, startedNs);
          return ExitCode.DONE.number();
        }
      }
      Thread.sleep(POLL_MS);
    }
    throw new CommandException(
        ExitCode.UNAVAILABLE,
        "expected broker %d to be ready within %d s, but %s"
            .formatted(id, invocation.timeout().toSeconds(), reason),
        "look into " + before.log());
  }

  private void requireRunning(ClusterFile.Entry now) {
    if (!now.isRunning()) {
      throw new CommandException(
          ExitCode.FAILED, "broker " + id + " started and died again", "look into " + now.log());
    }
  }

  private void print(ClusterFile.Entry now, long startedNs) {
    Answer answer =
        new Answer(id, now.pid(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNs));
    invocation
        .printer()
        .printText(
            answer,
            () ->
                "broker %d is ready again after %d ms (pid %d)\n"
                    .formatted(id, answer.readyMs(), answer.pid()));
  }
}
