// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.context;

import io.jangada.launcher.ClusterContext;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.Table;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code jangada context list}. */
@Command(name = "list", description = "All contexts; the selected one is marked.")
public final class ContextList implements Callable<Integer> {
  private final Invocation invocation;

  /** Made by the launcher. */
  public ContextList(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(List<Context> contexts) {}

  private record Context(String name, List<String> bootstrap, boolean current) {}

  @Override
  public Integer call() {
    Optional<ClusterContext> current = invocation.contexts().current();
    Answer answer =
        new Answer(
            invocation.contexts().list().stream()
                .map(
                    context ->
                        new Context(
                            context.name(),
                            context.bootstrap(),
                            current.filter(context::equals).isPresent()))
                .toList());
    invocation.printer().print(answer, wide -> table(answer.contexts()));
    return ExitCode.DONE.number();
  }

  private static Table table(List<Context> contexts) {
    Table table = new Table("", "NAME", "BOOTSTRAP");
    for (Context context : contexts) {
      table.row(
          context.current() ? "*" : " ", context.name(), String.join(",", context.bootstrap()));
    }
    return table;
  }
}
