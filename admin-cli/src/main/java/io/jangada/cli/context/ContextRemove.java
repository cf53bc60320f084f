// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.context;

import io.jangada.launcher.ClusterContext;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada context remove}. */
@Command(name = "remove", description = "Forget a context. The cluster is left alone.")
public final class ContextRemove implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(paramLabel = "NAME", description = "Which context.")
  private String name = "";

  @Option(names = "--dry-run", description = "Check only.")
  private boolean dryRun;

  /** Made by the launcher. */
  public ContextRemove(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    ClusterContext context = invocation.contexts().require(name);
    if (!dryRun) {
      invocation.contexts().remove(name);
    }
    ContextChange.print(invocation.printer(), context, "removed", dryRun);
    return ExitCode.DONE.number();
  }
}
