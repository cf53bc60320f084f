// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import io.jangada.cli.Connection;
import io.jangada.client.Admin;
import io.jangada.client.JangadaClient;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jangada quorum feature-level}. */
@Command(
    name = "feature-level",
    description = {
      "The level of features that the cluster uses; --set raises it, once all brokers are of a"
          + " release that knows the level.",
      "A level is never lowered."
    })
public final class QuorumFeatureLevel implements Callable<Integer> {
  private final Invocation invocation;

  @Option(names = "--set", paramLabel = "N", description = "Raise it to this.")
  private @Nullable Integer level;

  @Option(names = "--yes", description = "Raise it although there is no way back.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Check only.")
  private boolean dryRun;

  /** Made by the launcher. */
  public QuorumFeatureLevel(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(int featureLevel, boolean dryRun) {}

  @Override
  public Integer call() {
    try (JangadaClient client = Connection.open(invocation)) {
      return run(client.admin());
    }
  }

  Integer run(Admin admin) {
    int shown;
    if (level == null) {
      shown = admin.describeQuorum().featureLevel();
    } else {
      boolean only = dryRun || !yes;
      int after = admin.setFeatureLevel(level, only);
      if (!dryRun && !yes) {
        throw new CommandException(
            ExitCode.UNSAFE,
            "raising the feature level to "
                + level
                + " can't be taken back: brokers of a release that does not know it won't start any"
                + " more",
            "jangada quorum feature-level --set " + level + " --yes");
      }
      shown = dryRun ? level : after;
    }
    Answer answer = new Answer(shown, dryRun);
    invocation
        .printer()
        .printText(
            answer,
            () ->
                "feature level %d%s%n"
                    .formatted(
                        answer.featureLevel(),
                        level == null ? "" : dryRun ? " would be in force" : " is in force"));
    return ExitCode.DONE.number();
  }
}
