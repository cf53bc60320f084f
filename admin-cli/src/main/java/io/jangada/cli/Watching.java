// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.common.JangadaException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.Stdio;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import picocli.CommandLine.Option;

/**
 * {@code --watch}: prints an answer again and again until the command is stopped. On a terminal
 * each takes the place of the one before. A cluster that does not answer for a while is what people
 * watch, so that ends nothing.
 */
public final class Watching {
  private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";

  @Option(names = "--watch", description = "Print it again every second, until stopped.")
  private boolean watch;

  /** Made by picocli. */
  public Watching() {}

  /** Gives one answer, or one each second. */
  public int run(Invocation invocation, IntSupplier once) {
    if (!watch) {
      return once.getAsInt();
    }
    Stdio stdio = invocation.stdio();
    boolean clear = stdio.outIsTerminal() && !invocation.output().structured();
    int exitCode = ExitCode.DONE.number();
    while (true) {
      if (clear) {
        invocation.printer().text(CLEAR_SCREEN);
      }
      try {
        exitCode = once.getAsInt();
      } catch (JangadaException e) {
        if (!e.retriable()) {
          throw e;
        }
        stdio.err().println("error: " + e.getMessage());
      }
      try {
        TimeUnit.SECONDS.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return exitCode;
      }
    }
  }
}
