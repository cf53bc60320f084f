// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import io.jangada.cli.Connection;
import io.jangada.client.Admin;
import io.jangada.client.JangadaClient;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada broker remove}. */
@Command(
    name = "remove",
    description = {
      "Forget a broker that is stopped for good, with its settings.",
      "Refused while it is in service or holds replicas. If it starts again, it is registered"
          + " again."
    })
public final class BrokerRemove implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(paramLabel = "ID", description = "The broker's id.")
  private int id;

  @Option(names = "--yes", description = "Do not ask for the id.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Check only.")
  private boolean dryRun;

  /** Made by the launcher. */
  public BrokerRemove(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(int id, boolean dryRun) {}

  @Override
  public Integer call() {
    try (JangadaClient client = Connection.open(invocation)) {
      return run(client.admin());
    }
  }

  /** What would be refused is not asked for. */
  Integer run(Admin admin) {
    admin.removeBroker(id, true);
    if (!dryRun) {
      if (!yes) {
        confirm();
      }
      admin.removeBroker(id, false);
    }
    invocation
        .printer()
        .printText(
            new Answer(id, dryRun),
            () -> "broker %d %s%n".formatted(id, dryRun ? "would be removed" : "removed"));
    return ExitCode.DONE.number();
  }

  private void confirm() {
    if (!invocation.stdio().inIsTerminal()) {
      throw new CommandException(
          ExitCode.UNSAFE,
          "removing a broker forgets its settings, and nobody is there to confirm it",
          "jangada broker remove " + id + " --yes");
    }
    invocation.stdio().err().printf("This forgets the broker. Type its id (%d): ", id);
    invocation.stdio().err().flush();
    Scanner input = new Scanner(invocation.stdio().in(), StandardCharsets.UTF_8);
    String typed = input.hasNextLine() ? input.nextLine().strip() : "";
    if (!typed.equals(Integer.toString(id))) {
      throw new CommandException(
          ExitCode.UNSAFE, "expected '" + id + "', but got '" + typed + "'; nothing was done", "");
    }
  }
}
