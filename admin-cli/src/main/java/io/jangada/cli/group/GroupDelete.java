// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.group;

import io.jangada.cli.Confirmation;
import io.jangada.cli.Connection;
import io.jangada.cli.Outcomes;
import io.jangada.client.Admin;
import io.jangada.client.JangadaClient;
import io.jangada.client.Outcome;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada group delete}. */
@Command(
    name = "delete",
    description = "Delete groups without members, with their committed offsets.")
public final class GroupDelete implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(arity = "1..*", paramLabel = "GROUP", description = "Which groups.")
  private List<String> groups = new ArrayList<>();

  @Option(names = "--yes", description = "Do not ask for the name.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Check only.")
  private boolean dryRun;

  /** Made by the launcher. */
  public GroupDelete(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(List<Group> groups, boolean dryRun) {}

  private record Group(String group) {}

  @Override
  public Integer call() {
    if (!dryRun && !yes) {
      new Confirmation(invocation)
          .require(
              groups,
              "This destroys the offsets of the group.",
              "deleting a group destroys its offsets",
              "jangada group delete " + String.join(" ", groups) + " --yes");
    }
    try (JangadaClient client = Connection.open(invocation)) {
      return run(client.admin());
    }
  }

  Integer run(Admin admin) {
    List<Outcome<String>> outcomes = admin.deleteGroups(groups, dryRun);
    List<Group> deleted = Outcomes.succeeded(outcomes).stream().map(Group::new).toList();
    if (!deleted.isEmpty()) {
      invocation.printer().printText(new Answer(deleted, dryRun), () -> text(deleted));
    }
    Outcomes.throwFirstFailure(outcomes);
    return ExitCode.DONE.number();
  }

  private String text(List<Group> deleted) {
    StringBuilder text = new StringBuilder();
    for (Group group : deleted) {
      text.append(group.group()).append(dryRun ? " would be deleted\n" : " deleted\n");
    }
    return text.toString();
  }
}
