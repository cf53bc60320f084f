// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.cli.CommandHarness;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.OutputFormat;
import io.jangada.launcher.QuorumRestorer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class QuorumRestoreTest {
  private final CommandHarness harness = new CommandHarness();

  private QuorumRestore command(OutputFormat format, String... arguments) {
    QuorumRestore command = new QuorumRestore(harness.invocation(format, ""));
    new CommandLine(command).parseArgs(arguments);
    return command;
  }

  private static QuorumRestorer.Restored restored(
      Optional<Path> config, List<String> overrides, Path backup, boolean dryRun) {
    assertThat(config).contains(Path.of("jangada.yaml"));
    assertThat(overrides).containsExactly("node.id=4");
    return new QuorumRestorer.Restored(
        backup.toString(), "c", 4, "/data/quorum", "h1", 7, "h2", 1_007, 5, 2, 6, 3, dryRun);
  }

  @Test
  void saysWhatWasDoneAndWhatIsNext() {
    command(OutputFormat.TABLE, "b.jmb", "-c", "jangada.yaml", "--set", "node.id=4")
        .run(QuorumRestoreTest::restored);
    assertThat(harness.out())
        .contains("b.jmb: 2 topics, 6 partitions, 3 brokers of cluster c as of index 7")
        .contains("node 4 is the metadata quorum, in history h2 from index 1007 on")
        .contains("next: start it");
  }

  @Test
  void aRehearsalSaysWhatWouldBe() {
    command(OutputFormat.JSON, "b.jmb", "-c", "jangada.yaml", "--set", "node.id=4", "--dry-run")
        .run(QuorumRestoreTest::restored);
    assertThat(harness.out()).contains("\"dryRun\":true").contains("\"historyId\":\"h2\"");
  }

  @Test
  void theClientAloneCannot() {
    assertThatThrownBy(() -> command(OutputFormat.TABLE, "b.jmb").call())
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("only the client is here");
  }
}
