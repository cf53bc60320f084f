// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.context;

import io.jangada.launcher.ClusterContext;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada context set}. */
@Command(
    name = "set",
    description = "Give the cluster at the addresses of --bootstrap a name, or change it.")
public final class ContextSet implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(paramLabel = "NAME", description = "Letters, digits, '.', '-' and '_'.")
  private String name = "";

  @Option(names = "--dry-run", description = "Check only.")
  private boolean dryRun;

  /** Made by the launcher. */
  public ContextSet(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    ClusterContext context = new ClusterContext(name, invocation.bootstrapOption());
    if (!dryRun) {
      invocation.contexts().save(context);
    }
    ContextChange.print(invocation.printer(), context, "set", dryRun);
    return ExitCode.DONE.number();
  }
}
