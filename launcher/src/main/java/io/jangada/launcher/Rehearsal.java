// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs many commands in one process, for the JVM to watch: what it learns of them it keeps in the
 * cache that the distribution's commands start from (build/archive.sh). The commands read three
 * lines and print to nowhere.
 */
final class Rehearsal {
  /** The file with the commands, one in a line, words separated by blanks. */
  static final String PROPERTY = "jangada.rehearsal";

  private static final byte[] INPUT = "one\ntwo\nthree\n".getBytes(StandardCharsets.UTF_8);

  private Rehearsal() {}

  /** Runs the commands and tells on standard error which did not succeed. */
  static int run(List<CommandProvider> providers, Path script) throws IOException {
    int failed = 0;
    for (String line : Files.readAllLines(script)) {
      int exitCode =
          new Launcher(providers, stdio(), Contexts.ofUser(System.getenv())).run(line.split(" "));
      if (exitCode != ExitCode.DONE.number()) {
        System.err.println("exit code " + exitCode + ": jangada " + line);
        failed++;
      }
    }
    return failed == 0 ? ExitCode.DONE.number() : ExitCode.FAILED.number();
  }

  private static Stdio stdio() {
    return new Stdio(
        new ByteArrayInputStream(INPUT),
        OutputStream.nullOutputStream(),
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
        false,
        false,
        false);
  }
}
