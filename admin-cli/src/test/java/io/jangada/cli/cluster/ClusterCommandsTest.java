// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.cli.CommandHarness;
import io.jangada.cli.FakeAdmin;
import io.jangada.client.QuorumCandidate;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.OutputFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ClusterCommandsTest {
  private final CommandHarness harness = new CommandHarness();
  private final FakeAdmin admin = new FakeAdmin();

  private Invocation in(OutputFormat format) {
    return harness.invocation(format, "");
  }

  @Test
  void partitionListInJsonIsTheContract() {
    new PartitionList(in(OutputFormat.JSON)).run(admin);
    assertThat(harness.out())
        .startsWith(
            "{\"partitions\":[{\"topic\":\"logs\",\"partition\":0,\"leader\":2,\"leaderEpoch\":5,"
                + "\"partitionEpoch\":7,\"replicas\":[2,3,1],\"isr\":[2,3],\"elr\":[1],"
                + "\"logStartOffset\":10,\"highWatermark\":1000,\"logEndOffset\":1002},");
  }

  @Test
  void partitionListForPeople() {
    new PartitionList(in(OutputFormat.WIDE)).run(admin);
    assertThat(harness.out().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "TOPIC PARTITION LEADER LEADER-EPOCH PARTITION-EPOCH REPLICAS ISR ELR LOG-START"
                + " HIGH-WATERMARK LOG-END",
            "logs 0 2 5 7 2,3,1 2,3 1 10 1000 1002",
            "logs 1 - 0 0 3,1,2 - - - - -");
  }

  @Test
  void brokerList() {
    new BrokerList(in(OutputFormat.TABLE)).run(admin);
    new BrokerList(in(OutputFormat.JSON)).run(admin);
    assertThat(harness.out())
        .isEqualTo(
            """
            ID  STATE   GRPC     HTTP     RACK  UNFIT
             1  ACTIVE  h1:7400  h1:7402  -     -
             2  FENCED  h2:7400  h2:7402  -     EIO
            {"brokers":[{"id":1,"grpc":"h1:7400","kafka":"","http":"h1:7402","rack":"",\
            "state":"ACTIVE","brokerEpoch":41,"roles":["broker"],"unfitDirectories":{}},\
            {"id":2,"grpc":"h2:7400","kafka":"","http":"h2:7402","rack":"",\
            "state":"FENCED","brokerEpoch":42,"roles":["broker"],\
            "unfitDirectories":{"00000000-0000-1234-0000-000000005678":"EIO"}}]}
            """);
  }

  @Test
  void quorumStatus() {
    new QuorumStatus(in(OutputFormat.TABLE)).run(admin);
    new QuorumStatus(in(OutputFormat.JSON)).run(admin);
    assertThat(harness.out())
        .isEqualTo(
            """
            cluster c-1, feature level 1
            leader 1, term 3, controller epoch 77, committed index 123

            NODE  ROLE      GRPC     RATIS    MATCH-INDEX  LAST-CONTACT-MS  DIRECTORY
               1  leader    h1:7400  h1:7401          123                0  d1
               2  follower  -        h2:7401            -                -  -
            {"clusterId":"c-1","leaderId":1,"term":3,"controllerEpoch":77,"committedIndex":123,\
            "featureLevel":1,"members":[{"nodeId":1,"address":"h1:7401","leader":true,\
            "matchIndex":123,"lastContactMs":0,"grpcAddress":"h1:7400","directoryId":"d1"},\
            {"nodeId":2,"address":"h2:7401","leader":false,"matchIndex":-1,"lastContactMs":-1,\
            "grpcAddress":"","directoryId":""}]}
            """);
  }

  @Test
  void theLeadOfTheQuorumGoesToWhoIsNamedOrToTheBest() {
    QuorumTransfer any = new QuorumTransfer(in(OutputFormat.TABLE));
    new CommandLine(any).parseArgs("--dry-run");
    any.run(admin);
    QuorumTransfer named = new QuorumTransfer(in(OutputFormat.TABLE));
    new CommandLine(named).parseArgs("3");
    named.run(admin);
    assertThat(harness.out()).isEqualTo("node 2 would lead the quorum\nnode 3 leads the quorum\n");
  }

  @Test
  void aMemberOfTheQuorumIsAddedByItsAddresses() {
    QuorumAdd command = new QuorumAdd(in(OutputFormat.TABLE));
    String disk = "00000000-0000-1234-0000-000000005678";
    new CommandLine(command).parseArgs("3@[::1]:7400/7401", "--directory", disk);
    command.run(admin, command.candidate());
    assertThat(admin.added)
        .isEqualTo(
            new QuorumCandidate(3, "[::1]:7400", "[::1]:7401", Optional.of(UUID.fromString(disk))));
    assertThat(harness.out())
        .isEqualTo("node 3 votes in the quorum\n3 members, of which 1 may fail\n");
    new CommandLine(command).parseArgs("3@host");
    assertThatThrownBy(command::candidate)
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
  }

  @Test
  void aBrokerIsForgottenByWhoeverSaysSo() {
    removal("2", "--dry-run").run(admin);
    assertThatThrownBy(() -> removal("2").run(admin))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNSAFE));
    removal("2", "--yes").run(admin);
    assertThat(harness.out()).isEqualTo("broker 2 would be removed\nbroker 2 removed\n");
    assertThatThrownBy(() -> removal("9", "--yes").run(admin)).hasMessageContaining("no broker 9");
  }

  private BrokerRemove removal(String... arguments) {
    BrokerRemove command = new BrokerRemove(in(OutputFormat.TABLE));
    new CommandLine(command).parseArgs(arguments);
    return command;
  }

  @Test
  void aMemberOfTheQuorumIsRemoved() {
    departure("2", "--force").run(admin);
    departure("2", "--dry-run").run(admin);
    assertThat(harness.out())
        .isEqualTo(
            """
            node 2 votes no longer in the quorum
            1 member, of which none may fail
            node 2 would vote no longer in the quorum
            2 members, of which none may fail
            """);
    assertThatThrownBy(() -> departure("9").run(admin))
        .isInstanceOfSatisfying(
            JangadaException.class,
            e -> assertThat(ExitCode.of(e.code())).isEqualTo(ExitCode.NOT_FOUND));
  }

  private QuorumRemove departure(String... arguments) {
    QuorumRemove command = new QuorumRemove(in(OutputFormat.TABLE));
    new CommandLine(command).parseArgs(arguments);
    return command;
  }

  @Test
  void brokerDescribeTellsWhatItLeadsAndWhatItLacks() {
    BrokerDescribe command = new BrokerDescribe(in(OutputFormat.JSON));
    new CommandLine(command).parseArgs("1");
    command.run(admin);
    assertThat(harness.out())
        .endsWith(
            "\"leads\":[],\"follows\":[\"logs:0\",\"logs:1\"],\"outOfSync\":[\"logs:0\",\"logs:1\"]}\n");
    new CommandLine(command).parseArgs("9");
    assertThatThrownBy(() -> command.run(admin)).hasMessage("there is no broker 9");
  }

  @Test
  void partitionDescribeIsAFieldInALine() {
    PartitionDescribe command = new PartitionDescribe(in(OutputFormat.TABLE));
    command.run(admin, List.of(new TopicPartition("logs", 0)));
    assertThat(harness.out()).startsWith("partition        logs:0\nleader           2\n");
    assertThatThrownBy(() -> command.run(admin, List.of(new TopicPartition("logs", 2))))
        .hasMessage("expected a partition of logs, but there is no 2");
  }

  @Test
  void theFeatureLevelIsNotRaisedByAccident() {
    QuorumFeatureLevel command = new QuorumFeatureLevel(in(OutputFormat.TABLE));
    new CommandLine(command).parseArgs("--set", "3");
    assertThatThrownBy(() -> command.run(admin))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNSAFE));
    new CommandLine(command).parseArgs("--set", "3", "--yes");
    command.run(admin);
    assertThat(harness.out()).isEqualTo("feature level 3 is in force\n");
  }
}
