// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.GetMetadataRequest;
import io.jangada.api.v1.MetadataServiceGrpc;
import io.jangada.api.v1.MetadataSnapshot;
import io.jangada.api.v1.PartitionInfo;
import io.jangada.api.v1.TopicInfo;
import io.jangada.launcher.Contexts;
import io.jangada.launcher.Launcher;
import io.jangada.launcher.Stdio;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a real process; the surviving broker is a fake that knows its death: broker 1 leads t:0 and
 * t:1, and once it is dead broker 2 does, while u:0 is broker 2's all the time.
 */
@Timeout(60)
class DevKillCommandTest {
  @TempDir Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Process victim;
  private Server survivor;

  private final class FakeMetadata extends MetadataServiceGrpc.MetadataServiceImplBase {
    @Override
    public void getMetadata(GetMetadataRequest request, StreamObserver<MetadataSnapshot> answer) {
      int leader = victim.isAlive() ? 1 : 2;
      answer.onNext(
          MetadataSnapshot.newBuilder()
              .addTopics(topic("t", leader, leader))
              .addTopics(topic("u", 2))
              .build());
      answer.onCompleted();
    }

    private TopicInfo topic(String name, int... leaders) {
      TopicInfo.Builder topic = TopicInfo.newBuilder().setName(name);
      for (int i = 0; i < leaders.length; i++) {
        topic.addPartitions(PartitionInfo.newBuilder().setPartition(i).setLeader(leaders[i]));
      }
      return topic.build();
    }
  }

  @BeforeEach
  void start() throws IOException {
    victim = new ProcessBuilder("sleep", "300").start();
    survivor =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new FakeMetadata())
            .build()
            .start();
    Files.writeString(
        directory.resolve("cluster.json"),
        """
        {"pid": %d, "brokers": [
          {"id": 1, "pid": %d, "state": "running", "grpc": "127.0.0.1:1", "http": "h:1", "log": "l"},
          {"id": 2, "pid": %d, "state": "running", "grpc": "127.0.0.1:%d", "http": "h:2", "log": "l"},
          {"id": 3, "pid": 1, "state": "dead", "grpc": "127.0.0.1:1", "http": "h:3", "log": "l"}]}
        """
            .formatted(
                ProcessHandle.current().pid(),
                victim.pid(),
                ProcessHandle.current().pid(),
                survivor.getPort()));
  }

  @AfterEach
  void stop() {
    victim.destroyForcibly();
    survivor.shutdownNow();
  }

  @Test
  void killsTheLeaderAndTellsWhoLeadsNow() throws IOException {
    assertThat(run("--leader", "t:1", "-o", "json")).isZero();

    assertThat(victim.isAlive()).isFalse();
    JsonNode answer = new ObjectMapper().readTree(out.toByteArray());
    assertThat(answer.path("broker").asInt()).isEqualTo(1);
    assertThat(answer.path("partitions")).hasSize(2);
    assertThat(answer.path("partitions").path(1).path("topic").asText()).isEqualTo("t");
    assertThat(answer.path("partitions").path(1).path("partition").asInt()).isEqualTo(1);
    assertThat(answer.path("partitions").path(1).path("leader").asInt()).isEqualTo(2);
    assertThat(answer.path("leaderlessMs").asLong()).isNotNegative();
  }

  @Test
  void killsByIdAndSaysHowToGoOn() {
    assertThat(run("1")).isZero();

    assertThat(victim.isAlive()).isFalse();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("broker 1 (pid " + victim.pid() + ") was killed", "t:0", "t:1")
        .contains("jangada dev restart 1")
        .doesNotContain("u:0");
  }

  @Test
  void whatIsNotThereIsNotKilled() {
    assertThat(run("--leader", "t:9")).isEqualTo(3);
    assertThat(run("--leader", "t")).isEqualTo(2);
    assertThat(run("9")).isEqualTo(3);
    assertThat(run("3")).isEqualTo(1);
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("t:9 has none, or does not exist", "expected TOPIC:PARTITION")
        .contains("expected one of the brokers [1, 2, 3], but got 9")
        .contains("expected broker 3 to run, but it is dead");
    assertThat(victim.isAlive()).isTrue();
  }

  @Test
  void aRunningBrokerIsNotRestarted() {
    assertThat(execute("dev", "--data", directory.toString(), "restart", "1")).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("to be dead, but it runs");
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("dev", "kill", "--no-measure"));
    all.addAll(List.of("--data", directory.toString()));
    all.addAll(List.of(arguments));
    return execute(all.toArray(String[]::new));
  }

  private int execute(String... arguments) {
    Stdio stdio =
        new Stdio(
            new ByteArrayInputStream(new byte[0]),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false,
            false);
    return new Launcher(
            List.of(new BrokerCommands()), stdio, new Contexts(directory.resolve("home")))
        .run(arguments);
  }
}
