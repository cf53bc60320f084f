// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.cli.CommandHarness;
import io.jangada.cli.FakeAdmin;
import io.jangada.cli.FakeClient;
import io.jangada.cli.FakeLog;
import io.jangada.client.Consumer;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.ProducerConfig;
import io.jangada.client.ProducerRecord;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.OutputFormat;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class GroupCommandsTest {
  private final CommandHarness harness = new CommandHarness();
  private final FakeAdmin admin = new FakeAdmin();
  private final FakeClient client = new FakeClient(new FakeLog());

  private Invocation in(OutputFormat format) {
    return harness.invocation(format, "");
  }

  private static <T> T with(T command, String... arguments) {
    return CommandLine.populateCommand(command, arguments);
  }

  @Test
  void listShowsWhoCoordinatesWhat() {
    new GroupList(in(OutputFormat.TABLE)).run(admin);
    assertThat(harness.out())
        .isEqualTo(
            """
            GROUP    STATE   TYPE      COORDINATOR
            harvest  Stable  consumer            2
            idle     Empty   classic             1
            """);
  }

  @Test
  void describeBeginsWithTheVerdictAndWhy() {
    with(new GroupDescribe(in(OutputFormat.TABLE)), "harvest").run(admin);
    assertThat(harness.out())
        .isEqualTo(
            """
            harvest  stuck  (Stable, consumer, coordinator 2)
              logs:0 has stayed at offset 7

            MEMBER  CLIENT  HOST      PARTITIONS
            m-1     picker  10.0.0.7           1

            TOPIC  PARTITION  OFFSET  LOG-END  LAG  CLIENT
            logs           0       7       10    3  picker
            """);
  }

  @Test
  void describeInJsonHasTheNamesOfTheContract() {
    with(new GroupDescribe(in(OutputFormat.JSON)), "harvest").run(admin);
    assertThat(harness.out())
        .isEqualTo(
            """
            {"groups":[{"group":"harvest","state":"Stable","verdict":"stuck","why":[{"message":\
            "logs:0 has stayed at offset 7","member":"m-1","topic":"logs","partition":0,"since":\
            "2026-01-31T12:00:00Z"}],"type":"consumer","assignor":"uniform","coordinator":2,\
            "watchedSince":"2026-01-31T12:00:00Z","members":[{"member":"m-1","instance":"",\
            "client":"picker","host":"10.0.0.7","partitions":[{"topic":"logs","partition":0}],\
            "pending":[]}],"offsets":[{"topic":"logs","partition":0,"offset":7,"logEndOffset":10,\
            "lag":3,"member":"m-1","waitingSince":"2026-01-31T12:00:00Z","metadata":""}]}]}
            """);
  }

  @Test
  void describeShowsTheOthersBeforeItFails() {
    GroupDescribe describe = with(new GroupDescribe(in(OutputFormat.TABLE)), "idle", "nope");
    assertThatThrownBy(() -> describe.run(admin)).hasMessage("no group nope");
    assertThat(harness.out()).startsWith("idle  idle  (Empty, classic, coordinator 1)\n");
  }

  @Test
  void deleteDoesWhatItCan() {
    GroupDelete delete = with(new GroupDelete(in(OutputFormat.TABLE)), "idle", "harvest", "--yes");
    assertThatThrownBy(() -> delete.run(admin))
        .isInstanceOfSatisfying(
            JangadaException.class,
            refused -> assertThat(ExitCode.of(refused.code())).isEqualTo(ExitCode.UNSAFE));
    assertThat(harness.out()).isEqualTo("idle deleted\n");
    assertThat(admin.changes()).containsExactly("deleted idle");
  }

  @Test
  void deleteInAScriptHasToBeMeant() {
    assertThatThrownBy(with(new GroupDelete(in(OutputFormat.TABLE)), "idle")::call)
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNSAFE));
  }

  @Test
  void resetTakesWhatTheGroupHasCommitted() {
    write(5);
    reset("idle", "--to", "latest");
    assertThat(harness.out())
        .isEqualTo(
            """
            TOPIC  PARTITION  BEFORE  NOW
            logs           0       2    5
            """);
    assertThat(admin.changes()).containsExactly("committed idle {logs-0=5}");
  }

  @Test
  void resetOfATopicTakesAllOfItsPartitions() {
    write(5);
    reset("new-one", "--to", "-2", "--topic", "logs", "--dry-run");
    assertThat(harness.out())
        .isEqualTo(
            """
            TOPIC  PARTITION  BEFORE  WOULD-BE
            logs           0  -              3
            logs           1  -              0
            """);
    assertThat(admin.changes()).containsExactly("checked new-one {logs-0=3, logs-1=0}");
  }

  @Test
  void resetOfOnePartition() {
    write(5);
    reset("new-one", "--to", "4", "--topic", "logs:0");
    assertThat(admin.changes()).containsExactly("committed new-one {logs-0=4}");
  }

  @Test
  void resetBeyondTheLogIsRefused() {
    write(5);
    assertThatThrownBy(() -> reset("idle", "--to", "6"))
        .hasMessage("expected an offset of logs:0 from 0 to 5, but got 6");
    assertThat(admin.changes()).isEmpty();
  }

  @Test
  void resetWhileThereAreMembersIsRefusedAsUnsafe() {
    assertThatThrownBy(() -> reset("harvest", "--to", "earliest"))
        .isInstanceOfSatisfying(
            JangadaException.class,
            refused -> assertThat(ExitCode.of(refused.code())).isEqualTo(ExitCode.UNSAFE));
  }

  @Test
  void resetOfNobodyNeedsATopic() {
    assertThatThrownBy(() -> reset("nope", "--to", "earliest"))
        .isInstanceOfSatisfying(
            JangadaException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.GROUP_NOT_FOUND));
    assertThatThrownBy(() -> reset("nope", "--to", "earliest", "--topic", "logs:7"))
        .hasMessage("expected a partition of logs below 2, but got 'logs:7'");
  }

  private void reset(String... arguments) {
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      with(new GroupResetOffsets(in(OutputFormat.TABLE)), arguments).run(admin, consumer);
    }
  }

  private void write(int records) {
    try (var producer = client.producer(ProducerConfig.defaults())) {
      for (int i = 0; i < records; i++) {
        var unused =
            producer.send(
                ProducerRecord.of(
                    FakeLog.TOPIC, null, Integer.toString(i).getBytes(StandardCharsets.UTF_8)));
      }
    }
  }
}
