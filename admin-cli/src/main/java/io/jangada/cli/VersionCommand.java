// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code jangada version}. */
@Command(name = "version", description = "Which Jangada, Java and system this is.")
public final class VersionCommand implements Callable<Integer> {
  private final Invocation invocation;

  /** Made by the launcher. */
  public VersionCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(String version, String java, String system) {}

  @Override
  public Integer call() {
    Answer answer =
        new Answer(
            Version.current(),
            System.getProperty("java.runtime.version"),
            System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    invocation
        .printer()
        .printText(
            answer,
            () ->
                "jangada %s, Java %s, %s%n"
                    .formatted(answer.version(), answer.java(), answer.system()));
    return ExitCode.DONE.number();
  }
}
