// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.QuorumRestorer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada quorum restore}: asks no cluster, but writes the disk of a stopped node. */
@Command(
    name = "restore",
    description = {
      "Begin the metadata quorum anew from a backup, when its majority is lost for good.",
      "Run it on the machine of a stopped node that was formatted for the cluster and whose quorum"
          + " storage is empty. That node alone is the quorum then; others join it with jangada"
          + " quorum add.",
      "Brokers delete nothing that the backup does not know: they move it aside."
    })
public final class QuorumRestore implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(paramLabel = "FILE", description = "What jangada quorum backup wrote.")
  private Path file = Path.of("");

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The node's jangada.yaml. Without it, the environment and --set say it all.")
  private @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets one key; wins over the environment, which wins over the file.")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--dry-run", description = "Check everything, write nothing.")
  private boolean dryRun;

  /** Made by the launcher. */
  public QuorumRestore(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    QuorumRestorer restorer =
        ServiceLoader.load(QuorumRestorer.class)
            .findFirst()
            .orElseThrow(
                () ->
                    new CommandException(
                        ExitCode.FAILED,
                        "expected the distribution's broker, but only the client is here",
                        "run bin/jangada of the distribution"));
    return run(restorer);
  }

  Integer run(QuorumRestorer restorer) {
    QuorumRestorer.Restored restored =
        restorer.restore(Optional.ofNullable(config), overrides, file, dryRun);
    invocation.printer().printText(restored, () -> text(restored));
    return ExitCode.DONE.number();
  }

  private static String text(QuorumRestorer.Restored restored) {
    String text =
        """
        %s: %d topics, %d partitions, %d brokers of cluster %s as of index %d
        node %d %s the metadata quorum, in history %s from index %d on
        """
            .formatted(
                restored.file(),
                restored.topics(),
                restored.partitions(),
                restored.brokers(),
                restored.clusterId(),
                restored.backupIndex(),
                restored.nodeId(),
                restored.dryRun() ? "would be" : "is",
                restored.historyId(),
                restored.index());
    return restored.dryRun()
        ? text
        : text
            + "next: start it, then all brokers, with quorum.members naming this node alone;"
            + " add members: jangada quorum add\n";
  }
}
