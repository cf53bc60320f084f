// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The three standard streams and which of them is a terminal. Text is UTF-8 whatever the locale.
 * Commands that move many bytes use {@link #in} and {@link #out} directly, with a buffer of their
 * own; all others print through a {@link Printer}.
 *
 * @param in standard input, unbuffered
 * @param out standard output, unbuffered
 * @param err standard error, for people; flushes each line
 */
public record Stdio(
    InputStream in,
    OutputStream out,
    PrintStream err,
    boolean inIsTerminal,
    boolean outIsTerminal,
    boolean errIsTerminal) {
  /**
   * The digits of those file descriptors that are terminals, as the start script found them: the
   * JVM can only tell whether input and output both are.
   */
  static final String TERMINALS_PROPERTY = "jangada.terminals";

  /** The process's own streams. */
  public static Stdio ofProcess() {
    String terminals = System.getProperty(TERMINALS_PROPERTY);
    if (terminals == null) {
      terminals = interactive() ? "012" : "";
    }
    return new Stdio(
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        terminals.contains("0"),
        terminals.contains("1"),
        terminals.contains("2"));
  }

  @SuppressWarnings("SystemConsoleNull") // Since 25 it is null again where a stream is redirected.
  private static boolean interactive() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Whether text on standard output may be coloured: a terminal, and NO_COLOR is not set. */
  public boolean colour() {
    String noColor = System.getenv("NO_COLOR");
    return outIsTerminal && (noColor == null || noColor.isEmpty());
  }
}
