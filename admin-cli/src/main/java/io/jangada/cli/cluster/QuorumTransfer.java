// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import io.jangada.cli.Connection;
import io.jangada.client.Admin;
import io.jangada.client.JangadaClient;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada quorum transfer}. */
@Command(
    name = "transfer",
    description = {
      "Hand the lead of the metadata quorum to another member.",
      "Refused where that one does not answer or lags behind."
    })
public final class QuorumTransfer implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(
      arity = "0..1",
      paramLabel = "ID",
      description = "To which node (default: the member that is furthest).")
  private @Nullable Integer id;

  @Option(names = "--dry-run", description = "Only say who would lead.")
  private boolean dryRun;

  /** Made by the launcher. */
  public QuorumTransfer(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(int leader, boolean dryRun) {}

  @Override
  public Integer call() {
    try (JangadaClient client = Connection.open(invocation)) {
      return run(client.admin());
    }
  }

  Integer run(Admin admin) {
    OptionalInt wanted = id == null ? OptionalInt.empty() : OptionalInt.of(id);
    int leader = admin.transferQuorumLeadership(wanted, dryRun);
    invocation
        .printer()
        .printText(
            new Answer(leader, dryRun),
            () -> "node %d %s the quorum%n".formatted(leader, dryRun ? "would lead" : "leads"));
    return ExitCode.DONE.number();
  }
}
