// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.group;

import io.jangada.cli.Connection;
import io.jangada.cli.Outcomes;
import io.jangada.cli.Watching;
import io.jangada.client.Admin;
import io.jangada.client.GroupDescription;
import io.jangada.client.JangadaClient;
import io.jangada.client.Outcome;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.OutputFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada group describe}. */
@Command(
    name = "describe",
    description = "Groups in full: how they get on and why, members, offsets with lag.")
public final class GroupDescribe implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(arity = "0..*", paramLabel = "GROUP", description = "Which groups (default: all).")
  private List<String> groups = new ArrayList<>();

  @Option(
      names = "--stuck-after",
      paramLabel = "TIME",
      description =
          "How long a partition with something to read may wait without an advance before its group"
              + " is called stuck (default: 30s).")
  private Duration stuckAfter = Duration.ZERO;

  @Mixin private Watching watching = new Watching();

  /** Made by the launcher. */
  public GroupDescribe(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(List<GroupAnswer> groups) {}

  @Override
  public Integer call() {
    try (JangadaClient client = Connection.open(invocation)) {
      return watching.run(invocation, () -> run(client.admin()));
    }
  }

  Integer run(Admin admin) {
    List<Outcome<GroupDescription>> outcomes = admin.describeGroups(groups, stuckAfter);
    List<GroupAnswer> known = Outcomes.succeeded(outcomes).stream().map(GroupAnswer::of).toList();
    if (!known.isEmpty() || groups.isEmpty()) {
      boolean wide = invocation.output() == OutputFormat.WIDE;
      invocation
          .printer()
          .printText(
              new Answer(known),
              () -> known.stream().map(each -> each.text(wide)).collect(Collectors.joining("\n")));
    }
    Outcomes.throwFirstFailure(outcomes);
    return ExitCode.DONE.number();
  }
}
