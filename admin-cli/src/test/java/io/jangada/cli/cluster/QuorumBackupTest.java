// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.cli.CommandHarness;
import io.jangada.cli.FakeAdmin;
import io.jangada.common.JangadaException;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.OutputFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class QuorumBackupTest {
  private final CommandHarness harness = new CommandHarness();
  private final FakeAdmin admin = new FakeAdmin();

  @TempDir Path directory;

  private QuorumBackup command(String... arguments) {
    QuorumBackup command = new QuorumBackup(harness.invocation(OutputFormat.TABLE, ""));
    new CommandLine(command).parseArgs(arguments);
    return command;
  }

  @Test
  void whatIsWrittenIsWholeAndIsNotWrittenOver() throws Exception {
    Path file = directory.resolve("b.jmb");
    command(file.toString()).run(admin);
    assertThat(harness.out())
        .contains("metadata of cluster c-1 up to index 77, feature level 3")
        .contains("0 records")
        .contains("whole");
    assertThat(directory)
        .isDirectoryContaining("glob:**b.jmb")
        .isDirectoryNotContaining("glob:**.partial");
    assertThatThrownBy(() -> command(file.toString()).run(admin))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNSAFE));
    assertThat(command("--verify", file.toString()).call()).isZero();

    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    assertThatThrownBy(() -> command("--verify", file.toString()).call())
        .isInstanceOf(JangadaException.class)
        .hasMessageContaining("it ends after");
  }

  @Test
  void whatDidNotComeWholeLeavesNothing() throws Exception {
    admin.brokenBackup = true;
    Path file = directory.resolve("b.jmb");
    assertThatThrownBy(() -> command(file.toString()).run(admin))
        .isInstanceOf(JangadaException.class);
    assertThat(directory).isEmptyDirectory();
    assertThatThrownBy(() -> command("--verify", file.toString()).call())
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NOT_FOUND));
  }
}
