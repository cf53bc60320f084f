// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.context;

import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code jangada context use}. */
@Command(name = "use", description = "Select a context for the commands that follow.")
public final class ContextUse implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(paramLabel = "NAME", description = "Which context.")
  private String name = "";

  /** Made by the launcher. */
  public ContextUse(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    invocation.contexts().select(name);
    return ExitCode.DONE.number();
  }
}
