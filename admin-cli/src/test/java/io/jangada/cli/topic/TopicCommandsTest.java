// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.cli.CommandHarness;
import io.jangada.cli.FakeAdmin;
import io.jangada.client.Admin;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.OutputFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class TopicCommandsTest {
  private final CommandHarness harness = new CommandHarness();
  private final FakeAdmin admin = new FakeAdmin();

  private Invocation in(OutputFormat format) {
    return harness.invocation(format, "");
  }

  private static <T> T with(T command, String... arguments) {
    return CommandLine.populateCommand(command, arguments);
  }

  @Test
  void listInEveryFormat() {
    new TopicList(in(OutputFormat.TABLE)).run(admin);
    new TopicList(in(OutputFormat.WIDE)).run(admin);
    new TopicList(in(OutputFormat.JSON)).run(admin);
    new TopicList(in(OutputFormat.YAML)).run(admin);
    assertThat(harness.out())
        .isEqualTo(
            """
            NAME  PARTITIONS  REPLICATION-FACTOR
            logs           2                   3
            NAME  PARTITIONS  REPLICATION-FACTOR  INTERNAL  ID
            logs           2                   3  false     00000000-0000-1234-0000-000000005678
            {"topics":[{"name":"logs","id":"00000000-0000-1234-0000-000000005678","partitions":2,\
            "replicationFactor":3,"internal":false}]}
            topics:
            - name: logs
              id: 00000000-0000-1234-0000-000000005678
              partitions: 2
              replicationFactor: 3
              internal: false
            """);
  }

  @Test
  void alterSaysWhatItChanged() {
    with(
            new TopicAlter(in(OutputFormat.TABLE)),
            "logs",
            "--config",
            "retention.ms=1000",
            "--delete-config",
            "segment.bytes")
        .run(admin);
    with(
            new TopicAlter(in(OutputFormat.JSON)),
            "logs",
            "--config",
            "durability=memory",
            "--dry-run")
        .run(admin);
    assertThat(harness.out())
        .isEqualTo(
            """
            logs: retention.ms set to 1000
            logs: segment.bytes back to its default
            {"topic":"logs","set":{"durability":"memory"},"deleted":[],"partitions":null,\
            "dryRun":true}
            """);
  }

  @Test
  void alterAddsPartitionsAndSaysWhatThatDoesToKeys() {
    with(new TopicAlter(in(OutputFormat.TABLE)), "logs", "--partitions", "5").run(admin);
    with(new TopicAlter(in(OutputFormat.TABLE)), "logs", "--partitions", "6", "--dry-run")
        .run(admin);
    with(new TopicAlter(in(OutputFormat.JSON)), "logs", "--partitions", "7").run(admin);
    assertThat(harness.out())
        .isEqualTo(
            """
            logs: now there are 5 partitions, 2 before
            logs: records with a key may go to another partition than before
            logs: there would be 6 partitions, 2 before
            logs: records with a key may go to another partition than before
            {"topic":"logs","set":{},"deleted":[],"partitions":{"before":2,"total":7},\
            "dryRun":false}
            """);
    assertThat(admin.changes()).containsExactly("partitions {logs=5}", "partitions {logs=7}");
  }

  @Test
  void alterChangesNothingUnlessAllOfItIsAcceptable() {
    TopicAlter fewer =
        with(
            new TopicAlter(in(OutputFormat.TABLE)),
            "logs",
            "--partitions",
            "1",
            "--config",
            "retention.ms=1");
    assertThatThrownBy(() -> fewer.run(admin)).hasMessageContaining("expected more than 2");
    assertThat(admin.changes()).isEmpty();
    with(
            new TopicAlter(in(OutputFormat.TABLE)),
            "logs",
            "--partitions",
            "3",
            "--config",
            "retention.ms=1")
        .run(admin);
    assertThat(admin.changes())
        .containsExactly("configs [{retention.ms=1}]", "partitions {logs=3}");
  }

  @Test
  void alterWantsSomethingToDo() {
    for (String[] args :
        List.<String[]>of(new String[] {"logs"}, new String[] {"logs", "--partitions", "0"})) {
      TopicAlter command = with(new TopicAlter(in(OutputFormat.TABLE)), args);
      assertThatThrownBy(command::call)
          .isInstanceOfSatisfying(
              CommandException.class,
              refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE))
          .hasMessageContaining("--partitions");
    }
  }

  @Test
  void alterOfWhatIsNotThereIsNotFound() {
    TopicAlter alter =
        with(new TopicAlter(in(OutputFormat.TABLE)), "nowhere", "--config", "retention.ms=1");
    assertThatThrownBy(() -> alter.run(admin)).isInstanceOf(JangadaException.class);
  }

  @Test
  void deleteRecordsSaysWhatIsGoneAndWhatFailed() {
    TopicDeleteRecords all =
        with(new TopicDeleteRecords(in(OutputFormat.TABLE)), "logs", "--before", "500", "--yes");
    assertThatThrownBy(() -> all.run(admin, 500)).hasMessageContaining("nobody leads it");
    with(
            new TopicDeleteRecords(in(OutputFormat.JSON)),
            "logs",
            "--before",
            "end",
            "-p",
            "0",
            "--dry-run")
        .run(admin, Admin.HIGH_WATERMARK);
    assertThat(harness.out())
        .isEqualTo(
            """
            logs:0 begins at offset 500, 490 offsets are gone
            {"partitions":[{"topic":"logs","partition":0,"logStartOffset":1000,"deleted":990}],\
            "dryRun":true}
            """);
  }

  @Test
  void deleteRecordsWantsToBeToldTwice() {
    TopicDeleteRecords command =
        with(new TopicDeleteRecords(in(OutputFormat.TABLE)), "logs", "--before", "1");
    assertThatThrownBy(command::call).hasMessageContaining("--yes");
    TopicDeleteRecords nonsense =
        with(new TopicDeleteRecords(in(OutputFormat.TABLE)), "logs", "--before", "-3", "--yes");
    assertThatThrownBy(nonsense::call).hasMessageContaining("an offset or 'end'");
  }

  @Test
  void describeInJsonIsTheContract() {
    with(new TopicDescribe(in(OutputFormat.JSON)), "logs").run(admin);
    assertThat(harness.out())
        .isEqualTo(
            """
            {"topics":[{"name":"logs","id":"00000000-0000-1234-0000-000000005678",\
            "internal":false,"configs":{"min.insync.replicas":"2"},"partitions":[\
            {"topic":"logs","partition":0,"leader":2,"leaderEpoch":5,"partitionEpoch":7,\
            "replicas":[2,3,1],"isr":[2,3],"elr":[1],\
            "logStartOffset":10,"highWatermark":1000,"logEndOffset":1002},\
            {"topic":"logs","partition":1,"leader":-1,"leaderEpoch":0,"partitionEpoch":0,\
            "replicas":[3,1,2],"isr":[],"elr":[],\
            "logStartOffset":-1,"highWatermark":-1,"logEndOffset":-1}]}]}
            """);
  }

  @Test
  void describeForPeople() {
    with(new TopicDescribe(in(OutputFormat.TABLE)), "logs").run(admin);
    assertThat(harness.out())
        .isEqualTo(
            """
            logs  id 00000000-0000-1234-0000-000000005678  partitions 2
              min.insync.replicas=2

            TOPIC  PARTITION  LEADER  REPLICAS  ISR  LOG-START  HIGH-WATERMARK
            logs           0       2  2,3,1     2,3         10            1000
            logs           1       -  3,1,2     -            -               -
            """);
  }

  @Test
  void describeShowsWhatThereIsAndThenFails() {
    TopicDescribe describe =
        with(new TopicDescribe(in(OutputFormat.TABLE)), "nope", "logs", "nada");
    assertThatThrownBy(() -> describe.run(admin))
        .hasMessage("there is no topic nope (and 1 more failed)")
        .isInstanceOfSatisfying(
            JangadaException.class,
            e -> assertThat(ExitCode.of(e.code())).isEqualTo(ExitCode.NOT_FOUND));
    assertThat(harness.out()).startsWith("logs  id");
  }

  @Test
  void createSaysWhatItMade() {
    TopicCreate create =
        with(
            new TopicCreate(in(OutputFormat.TABLE)),
            "new",
            "--partitions",
            "6",
            "--replication-factor=3",
            "--config",
            "retention.ms=1000");
    assertThat(create.run(admin)).isZero();
    assertThat(harness.out()).isEqualTo("new created: 6 partitions, replication factor 3\n");
    assertThat(admin.names()).contains("new");
  }

  @Test
  void createDryChangesNothing() {
    with(new TopicCreate(in(OutputFormat.JSON)), "new", "--dry-run").run(admin);
    assertThat(harness.out()).endsWith("\"created\":false,\"dryRun\":true}\n");
    assertThat(admin.names()).doesNotContain("new");
  }

  @Test
  void createOfWhatExistsFailsUnlessToldOtherwise() {
    TopicCreate create = with(new TopicCreate(in(OutputFormat.TABLE)), "logs");
    assertThatThrownBy(() -> create.run(admin))
        .isInstanceOfSatisfying(
            JangadaException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS));
    with(new TopicCreate(in(OutputFormat.TABLE)), "logs", "--if-not-exists").run(admin);
    assertThat(harness.out()).isEqualTo("logs exists: 2 partitions, replication factor 3\n");
  }

  @Test
  void deleteInAScriptHasToBeMeant() {
    TopicDelete delete = with(new TopicDelete(in(OutputFormat.TABLE)), "logs");
    assertThatThrownBy(delete::call)
        .isInstanceOfSatisfying(
            CommandException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(ExitCode.UNSAFE);
              assertThat(e.hint()).isEqualTo("jangada topic delete logs --yes");
            });
  }

  @Test
  void deleteOnATerminalAsksForTheName() {
    TopicDelete wrong =
        with(new TopicDelete(harness.invocation(OutputFormat.TABLE, "lgos\n", true)), "logs");
    assertThatThrownBy(wrong::confirm).hasMessageContaining("but got 'lgos'; nothing was changed");
    with(new TopicDelete(harness.invocation(OutputFormat.TABLE, "logs\n", true)), "logs").confirm();
    assertThat(harness.err()).contains("Type its name (logs): ");
  }

  @Test
  void deleteDoesWhatItCan() {
    TopicDelete delete = with(new TopicDelete(in(OutputFormat.TABLE)), "logs", "nope", "--yes");
    assertThatThrownBy(() -> delete.run(admin)).hasMessage("there is no topic nope");
    assertThat(harness.out()).isEqualTo("logs deleted\n");
    assertThat(admin.names()).isEmpty();
  }
}
