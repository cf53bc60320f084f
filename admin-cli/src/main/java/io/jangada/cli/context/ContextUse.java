// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.context;

import io.jangada.launcher.ClusterContext;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada context use}. */
@Command(name = "use", description = "Select a context for the commands that follow.")
public final class ContextUse implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(paramLabel = "NAME", description = "Which context.")
  private String name = "";

  @Option(names = "--dry-run", description = "Check only.")
  private boolean dryRun;

  /** Made by the launcher. */
  public ContextUse(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    ClusterContext context = invocation.contexts().require(name);
    if (!dryRun) {
      invocation.contexts().select(name);
    }
    ContextChange.print(invocation.printer(), context, "selected", dryRun);
    return ExitCode.DONE.number();
  }
}
