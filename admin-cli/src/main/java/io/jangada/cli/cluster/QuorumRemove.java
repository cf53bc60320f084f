// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import io.jangada.cli.Connection;
import io.jangada.client.Admin;
import io.jangada.client.JangadaClient;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada quorum remove}. */
@Command(
    name = "remove",
    description = {
      "Remove a member from the metadata quorum, alive or lost, one at a time.",
      "Refused where those that are left would have no majority, or none of them could fail any"
          + " more. Its broker is not touched."
    })
public final class QuorumRemove implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(paramLabel = "ID", description = "Which node.")
  private int id;

  @Option(
      names = "--force",
      description = "Accept that the quorum loses its majority when one more member fails.")
  private boolean force;

  @Option(names = "--dry-run", description = "Check only.")
  private boolean dryRun;

  /** Made by the launcher. */
  public QuorumRemove(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    try (JangadaClient client = Connection.open(invocation)) {
      return run(client.admin());
    }
  }

  Integer run(Admin admin) {
    QuorumSize size = new QuorumSize(id, admin.removeQuorumMember(id, force, dryRun), dryRun);
    invocation
        .printer()
        .printText(
            size,
            () ->
                "node %d %s in the quorum%n%s"
                    .formatted(
                        id, dryRun ? "would vote no longer" : "votes no longer", size.text()));
    return ExitCode.DONE.number();
  }
}
