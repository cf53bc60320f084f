// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.cli.CommandHarness;
import io.jangada.cli.FakeAdmin;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.OutputFormat;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ConfigCommandsTest {
  private final CommandHarness harness = new CommandHarness();
  private final FakeAdmin admin = new FakeAdmin();

  private void get(OutputFormat format, String... arguments) {
    ConfigGet command = new ConfigGet(harness.invocation(format, ""));
    new CommandLine(command).parseArgs(arguments);
    command.run(admin);
  }

  @Test
  void getTellsWhereASettingComesFrom() {
    get(OutputFormat.TABLE);
    get(OutputFormat.JSON, "broker.parked-reads", "--broker", "1");
    assertThat(harness.out())
        .isEqualTo(
            """
            KEY                  VALUE  SOURCE   CHANGEABLE
            broker.parked-reads  20000  cluster  yes
            {"scope":"broker 1","configs":[{"key":"broker.parked-reads","value":"20000",\
            "source":"cluster","defaultValue":"10000","changeable":true,\
            "expected":"a number in 1..10000000",\
            "meaning":"Reads that wait for new records; more is answered OVERLOADED."}]}
            """);
  }

  @Test
  void aSettingThatDoesNotExistIsNotFound() {
    assertThatThrownBy(() -> get(OutputFormat.TABLE, "nonsense"))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NOT_FOUND));
    assertThatThrownBy(() -> get(OutputFormat.TABLE, "--broker", "1", "--topic", "logs"))
        .isInstanceOf(CommandLine.ParameterException.class);
  }

  @Test
  void setAndUnsetSayWhatTheyDid() {
    ConfigSet set = new ConfigSet(harness.invocation(OutputFormat.TABLE, ""));
    new CommandLine(set).parseArgs("b=2", "a=1", "--dry-run");
    set.run(admin);
    ConfigUnset unset = new ConfigUnset(harness.invocation(OutputFormat.TABLE, ""));
    new CommandLine(unset).parseArgs("a", "--broker", "3");
    unset.run(admin);
    assertThat(harness.out())
        .isEqualTo(
            """
            cluster: a would be set to 1
            cluster: b would be set to 2
            broker 3: a unset
            """);
  }
}
