// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Scanner;

/** Whoever destroys has to type what, or to say {@code --yes}; a script has to say it. */
public final class Confirmation {
  private final Invocation invocation;

  /** Asks on the command's terminal. */
  public Confirmation(Invocation invocation) {
    this.invocation = invocation;
  }

  /**
   * Asks for each name.
   *
   * @param destroys what people are told before they type one: a sentence
   * @param why the same for a script: the beginning of one
   * @param command what a script has to run instead
   * @throws CommandException {@link ExitCode#UNSAFE} unless all of them were typed
   */
  public void require(List<String> names, String destroys, String why, String command) {
    if (!invocation.stdio().inIsTerminal()) {
      throw new CommandException(
          ExitCode.UNSAFE, why + ", and nobody is there to confirm it", command);
    }
    Scanner input = new Scanner(invocation.stdio().in(), StandardCharsets.UTF_8);
    for (String name : names) {
      invocation.stdio().err().printf("%s Type its name (%s): ", destroys, name);
      invocation.stdio().err().flush();
      String typed = input.hasNextLine() ? input.nextLine().strip() : "";
      IOException broken = input.ioException();
      if (broken != null) {
        throw new UncheckedIOException(broken);
      }
      if (!typed.equals(name)) {
        throw new CommandException(
            ExitCode.UNSAFE,
            "expected '" + name + "', but got '" + typed + "'; nothing was changed",
            "");
      }
    }
  }
}
