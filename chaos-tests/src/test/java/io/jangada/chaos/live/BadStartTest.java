// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts that must not succeed: each ends with one line of cause and one of remedy. */
class BadStartTest {
  private static final Commands COMMANDS = new Commands(Distribution.ofBuild());

  @TempDir Path directory;
  private Path config;
  private int grpcPort;

  @BeforeEach
  void configure() throws IOException {
    try (ServerSocket grpc = freePort();
        ServerSocket ratis = freePort();
        ServerSocket http = freePort()) {
      grpcPort = grpc.getLocalPort();
      config =
          Files.writeString(
              directory.resolve("jangada.yaml"),
              """
              node:
                id: 1
              quorum:
                members: 1@127.0.0.1:%d/%d
              listeners:
                grpc-port: %d
                ratis-port: %d
                http-port: %d
              kafka:
                port: 0
              storage:
                directory: data
              """
                  .formatted(
                      grpcPort,
                      ratis.getLocalPort(),
                      grpcPort,
                      ratis.getLocalPort(),
                      http.getLocalPort()));
    }
  }

  private Process running;

  @AfterEach
  void killWhatRuns() throws InterruptedException {
    if (running != null) {
      running.destroyForcibly().waitFor();
    }
  }

  @Test
  void anUnformattedDirectory() throws Exception {
    assertRefused(server(), "jangada format");
  }

  @Test
  void anUnknownKeyIsRefusedWithASuggestion() throws Exception {
    format();
    assertRefused(server("--set", "listeners.grcp-port=1"), "listeners.grpc-port");
  }

  @Test
  void anotherClustersDirectory() throws Exception {
    format();
    assertRefused(server("--set", "cluster.id=" + UUID.randomUUID()), "cluster");
  }

  @Test
  void anotherNodesDirectory() throws Exception {
    format();
    assertRefused(
        server("--set", "node.id=2", "--set", "quorum.members=2@127.0.0.1:7400/7401"), "node");
  }

  @Test
  void aPortThatIsTaken() throws Exception {
    format();
    try (ServerSocket taken = new ServerSocket(grpcPort, 1, InetAddress.getLoopbackAddress())) {
      assertRefused(server(), Integer.toString(taken.getLocalPort()));
    }
  }

  @Test
  void aSecondProcessOnTheDirectory() throws Exception {
    format();
    running = startAndAwaitLock();
    int otherGrpcPort = unusedPort();
    int otherRatisPort = unusedPort();
    Commands.Result second =
        server(
            "--set",
            "listeners.grpc-port=" + otherGrpcPort,
            "--set",
            "listeners.ratis-port=" + otherRatisPort,
            "--set",
            "listeners.http-port=" + unusedPort(),
            "--set",
            "quorum.members=1@127.0.0.1:%d/%d".formatted(otherGrpcPort, otherRatisPort));
    assertRefused(second, Long.toString(running.pid()));
    assertThat(running.isAlive()).isTrue();
  }

  private Process startAndAwaitLock() throws IOException, InterruptedException {
    Process process =
        COMMANDS
            .builder(List.of("server", "-c", config.toString()))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out.log").toFile())
            .start();
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!Files.readString(directory.resolve("out.log")).contains("Started directory lock")) {
      assertThat(process.isAlive()).as("the first server runs").isTrue();
      assertThat(System.nanoTime()).as("the time to take the lock").isLessThan(deadline);
      Thread.onSpinWait();
    }
    return process;
  }

  private void format() throws Exception {
    COMMANDS.expect("format", "-c", config.toString());
  }

  private Commands.Result server(String... more) throws Exception {
    String[] arguments = new String[more.length + 3];
    arguments[0] = "server";
    arguments[1] = "-c";
    arguments[2] = config.toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    return COMMANDS.run(arguments);
  }

  private static void assertRefused(Commands.Result result, String named) {
    assertThat(result.exitCode()).as("%s", result).isNotZero();
    assertThat(result.err()).contains("error: ").contains("try: ").contains(named);
    assertThat(result.err() + result.out()).doesNotContain("\tat ");
  }

  private static ServerSocket freePort() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  private static int unusedPort() throws IOException {
    try (ServerSocket socket = freePort()) {
      return socket.getLocalPort();
    }
  }
}
