// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.group;

import io.jangada.cli.Connection;
import io.jangada.cli.Outcomes;
import io.jangada.client.Admin;
import io.jangada.client.GroupListing;
import io.jangada.client.JangadaClient;
import io.jangada.client.Outcome;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.Table;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code jangada group list}. */
@Command(name = "list", description = "All consumer groups of the cluster.")
public final class GroupList implements Callable<Integer> {
  private final Invocation invocation;

  /** Made by the launcher. */
  public GroupList(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(List<Group> groups) {}

  private record Group(
      String group, String state, String type, String protocolType, int coordinator) {
    private static Group of(GroupListing group) {
      return new Group(
          group.groupId(),
          group.state(),
          group.type(),
          group.protocolType(),
          group.coordinatorId());
    }
  }

  @Override
  public Integer call() {
    try (JangadaClient client = Connection.open(invocation)) {
      return run(client.admin());
    }
  }

  Integer run(Admin admin) {
    List<Outcome<GroupListing>> outcomes = admin.listGroups();
    List<Group> groups = Outcomes.succeeded(outcomes).stream().map(Group::of).toList();
    invocation.printer().print(new Answer(groups), wide -> table(groups));
    Outcomes.throwFirstFailure(outcomes);
    return ExitCode.DONE.number();
  }

  private static Table table(List<Group> groups) {
    Table table = new Table("GROUP", "STATE", "TYPE", "COORDINATOR");
    groups.forEach(each -> table.row(each.group, each.state, each.type, each.coordinator));
    return table;
  }
}
