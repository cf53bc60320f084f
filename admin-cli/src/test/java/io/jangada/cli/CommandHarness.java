// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.launcher.Contexts;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.OutputFormat;
import io.jangada.launcher.Stdio;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The world around a command in a test: what it reads, what it printed. */
public final class CommandHarness {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** An invocation in a pipe, with that format and input. */
  public Invocation invocation(OutputFormat format, String input) {
    return invocation(format, input, false);
  }

  /** An invocation in a pipe or on a terminal. */
  public Invocation invocation(OutputFormat format, String input, boolean terminal) {
    Stdio stdio =
        new Stdio(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            terminal,
            terminal,
            terminal);
    return Invocation.of(format, stdio, new Contexts(Path.of("there", "is", "none")));
  }

  /** What came to standard output. */
  public String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What came to standard error. */
  public String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
