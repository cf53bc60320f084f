// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.cli.CommandHarness;
import io.jangada.cli.FakeAdmin;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.OutputFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class LeaderElectTest {
  private static final TopicPartition LEADERLESS = new TopicPartition("logs", 1);

  private final CommandHarness harness = new CommandHarness();
  private final FakeAdmin admin = new FakeAdmin();

  private LeaderElect command(OutputFormat format, String... args) {
    LeaderElect command = new LeaderElect(harness.invocation(format, ""));
    new CommandLine(command).parseArgs(args);
    return command;
  }

  @Test
  void withoutForceItSaysWhatItWouldDoAndRefuses() {
    LeaderElect command = command(OutputFormat.TABLE, "--from-last-known", "logs:1");
    assertThatThrownBy(() -> command.run(admin, List.of(LEADERLESS)))
        .isInstanceOfSatisfying(
            CommandException.class,
            refused -> {
              assertThat(refused.exitCode()).isEqualTo(ExitCode.UNSAFE);
              assertThat(refused.hint())
                  .isEqualTo("jangada leader elect --from-last-known --force logs:1");
            })
        .hasMessageStartingWith("broker 3 would lead logs:1; acknowledged records");
    assertThat(admin.elected()).isEmpty();
  }

  @Test
  void withForceItElects() {
    command(OutputFormat.JSON, "--from-last-known", "--force", "--broker", "1", "logs:1")
        .run(admin, List.of(LEADERLESS));
    assertThat(admin.elected()).containsExactly(LEADERLESS);
    assertThat(harness.out())
        .isEqualTo("{\"topic\":\"logs\",\"partition\":1,\"leader\":1,\"dryRun\":false}\n");
  }

  @Test
  void aDryRunIsNoRefusal() {
    command(OutputFormat.TABLE, "--from-last-known", "--dry-run", "logs:1")
        .run(admin, List.of(LEADERLESS));
    assertThat(admin.elected()).isEmpty();
    assertThat(harness.out()).isEqualTo("logs:1: broker 3 would lead\n");
  }

  @Test
  void whatTheClusterRefusesIsItsOwnError() {
    LeaderElect command = command(OutputFormat.TABLE, "--from-last-known", "--force", "logs:0");
    assertThatThrownBy(() -> command.run(admin, List.of(new TopicPartition("logs", 0))))
        .isInstanceOf(JangadaException.class)
        .hasMessageContaining("broker 2 leads");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--force logs:1",
        "--preferred --from-last-known logs:1",
        "--preferred --force",
        "--preferred --broker 1",
        "--from-last-known --force",
        "--from-last-known logs:1 logs:2"
      })
  void whatIsMeantHasToBeSaid(String args) {
    LeaderElect command = command(OutputFormat.TABLE, args.split(" "));
    assertThatThrownBy(command::call)
        .isInstanceOfSatisfying(
            CommandException.class,
            refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE));
  }

  @Test
  void preferredSaysOfEachPartitionWhatHappened() {
    command(OutputFormat.TABLE, "--preferred")
        .run(admin, List.of(new TopicPartition("logs", 1), new TopicPartition("logs", 0)));
    assertThat(harness.out())
        .isEqualTo(
            """
            PARTITION  BEFORE  LEADER  OUTCOME
            logs:1          2       2  already
            logs:0          1       2  moved
            1 moved, 1 already led by the preferred replica, 0 refused
            """);
    assertThat(admin.changes()).containsExactly("elect [logs-1, logs-0]");
  }

  @Test
  void ofAllPartitionsPreferredListsThoseThatMatterAndFailsIfOneIsRefused() {
    LeaderElect command = command(OutputFormat.TABLE, "--preferred", "--dry-run");
    assertThatThrownBy(() -> command.run(admin, List.of()))
        .isInstanceOfSatisfying(
            JangadaException.class,
            refused -> assertThat(ExitCode.of(refused.code())).isEqualTo(ExitCode.UNAVAILABLE));
    assertThat(harness.out())
        .isEqualTo(
            """
            PARTITION  BEFORE  LEADER  OUTCOME
            logs:0          1       2  would move
            logs:2          -       -  refused: it is fenced
            1 would be moved, 1 already led by the preferred replica, 1 refused
            """);
    assertThat(admin.changes()).isEmpty();
  }

  @Test
  void preferredInJson() {
    command(OutputFormat.JSON, "--preferred").run(admin, List.of(new TopicPartition("logs", 0)));
    assertThat(harness.out())
        .isEqualTo(
            """
            {"elections":[{"topic":"logs","partition":0,"leaderBefore":1,"leader":2,\
            "outcome":"moved","reason":null}],"dryRun":false}
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"logs", "logs:", "logs:x", ":1", "logs:-1", ""})
  void aPartitionIsATopicAndANumber(String text) {
    assertThatThrownBy(() -> LeaderElect.parse(text))
        .isInstanceOfSatisfying(
            CommandException.class,
            refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE));
    assertThat(LeaderElect.parse("a:b:7")).isEqualTo(new TopicPartition("a:b", 7));
  }
}
