// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jangada.launcher.CommandException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DevClusterTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final List<String> told = new CopyOnWriteArrayList<>();

  /** A process that runs a cluster until it is killed, to see what becomes of its children. */
  static final class Parent {
    public static void main(String[] arguments) throws Exception {
      DevCluster cluster =
          new DevCluster(
              DevLayout.existing(Path.of(arguments[0])).orElseThrow(),
              ShellOnlyServer::start,
              line -> {});
      cluster.start(PATIENCE);
      System.out.println("started");
      System.out.flush();
      cluster.watch();
    }
  }

  @Test
  void aDeadBrokerStaysDeadUntilItIsAskedFor() throws Exception {
    DevCluster cluster = cluster(prepared(3));
    cluster.start(PATIENCE);
    CompletableFuture<Void> watch = watch(cluster);
    try {
      ClusterFile before = ClusterFile.ofRunning(directory);
      assertThat(before.brokers()).hasSize(3).allMatch(ClusterFile.Entry::isRunning);
      for (ClusterFile.Entry broker : before.brokers()) {
        assertThat(ReadyProbe.whyNotReady(broker.http())).isEmpty();
      }

      long killed = before.broker(2).pid();
      ProcessHandle.of(killed).orElseThrow().destroyForcibly();
      await(() -> !ClusterFile.ofRunning(directory).broker(2).isRunning());
      await(() -> !told.isEmpty());
      assertThat(told).singleElement().asString().startsWith("broker 2 died (exit code 137)");
      assertThat(ReadyProbe.whyNotReady(before.broker(2).http())).startsWith("does not answer");

      RestartRequest.make(directory, 2, before.broker(1).pid());
      RestartRequest.make(directory, 2, killed);
      await(() -> ClusterFile.ofRunning(directory).broker(2).isRunning());
      ClusterFile.Entry again = ClusterFile.ofRunning(directory).broker(2);
      assertThat(again.pid()).isNotEqualTo(killed);
      await(() -> ReadyProbe.whyNotReady(again.http()).isEmpty());
      assertThat(ClusterFile.ofRunning(directory).broker(1)).isEqualTo(before.broker(1));
    } finally {
      List<Long> pids = cluster.describe().brokers().stream().map(ClusterFile.Entry::pid).toList();
      cluster.requestStop();
      watch.get(30, TimeUnit.SECONDS);
      cluster.stop();
      assertThat(pids).noneMatch(ClusterFile::isAlive);
    }
    assertThat(directory.resolve(ClusterFile.NAME)).doesNotExist();
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(() -> ClusterFile.ofRunning(directory))
        .withMessageContaining("there is none");
  }

  @Test
  void childrenDoNotOutliveAParentThatIsKilled() throws Exception {
    DevLayout layout = prepared(2);
    assertThat(layout.nodes()).hasSize(2);
    Process parent =
        ShellOnlyServer.javaProcess(Parent.class, directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(parent.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("started");
      List<ClusterFile.Entry> brokers = ClusterFile.ofRunning(directory).brokers();
      assertThat(brokers).allMatch(broker -> ClusterFile.isAlive(broker.pid()));

      parent.destroyForcibly();

      await(() -> brokers.stream().noneMatch(broker -> ClusterFile.isAlive(broker.pid())));
      assertThatExceptionOfType(CommandException.class)
          .isThrownBy(() -> ClusterFile.ofRunning(directory));
    } finally {
      parent.destroyForcibly();
    }
  }

  @Test
  void aDirectoryThatWasTakenAwayEndsTheClusterAndLeavesWhatIsThereNow() throws Exception {
    DevCluster cluster =
        new DevCluster(prepared(1), ShellOnlyServer::start, told::add, () -> false);
    cluster.start(PATIENCE);
    ClusterFile ours = cluster.describe();
    assertThatExceptionOfType(CommandException.class)
        .isThrownBy(cluster::watch)
        .withMessageContaining("somebody has removed it");
    ClusterFile anothers = new ClusterFile(ours.pid() + 1, ours.brokers());
    anothers.write(directory);
    cluster.stop();
    assertThat(ClusterFile.isAlive(ours.broker(1).pid())).isFalse();
    assertThat(directory.resolve(ClusterFile.NAME)).exists();
  }

  @Test
  void aBrokerThatCannotStartSaysWhy() throws Exception {
    DevLayout layout = prepared(2);
    DevCluster cluster = cluster(layout);
    try (ServerSocket taken =
        new ServerSocket(
            layout.nodes().getFirst().grpcPort(), 1, InetAddress.getLoopbackAddress())) {
      assertThatExceptionOfType(CommandException.class)
          .isThrownBy(() -> cluster.start(PATIENCE))
          .withMessageContaining("broker 1 did not start (exit code 1)")
          .withMessageContaining(taken.getLocalPort() + " (listeners.grpc-port) to be free");
    } finally {
      cluster.stop();
    }
  }

  @Test
  void theLayoutIsAsDocumentedAndStays() throws Exception {
    DevLayout layout = DevLayout.fromBase(directory, 4, DevLayout.DEFAULT_PORT_BASE);
    assertThat(layout.nodes())
        .containsExactly(
            new DevNode(1, 7400, 7401, 7402, 9092),
            new DevNode(2, 7410, 7411, 7412, 9093),
            new DevNode(3, 7420, 7421, 7422, 9094),
            new DevNode(4, 7430, 7431, 7432, 9095));
    layout.prepare();
    String first = Files.readString(layout.configFile(1));
    assertThat(first).contains("1@127.0.0.1:7400/7401, 2@127.0.0.1:7410/7411, 3@127.0.0.1:7420");
    assertThat(Files.readString(layout.configFile(4))).contains("roles: [broker]");

    Path meta = directory.resolve("broker-4/data/meta.properties");
    String formatted = Files.readString(meta);
    layout.prepare();
    assertThat(Files.readString(meta)).isEqualTo(formatted);
    assertThat(DevLayout.existing(directory)).hasValue(layout);
  }

  @Test
  void wipingTakesOnlyWhatDevMade() throws Exception {
    Path mine = Files.writeString(directory.resolve("mine.txt"), "x");
    DevLayout.fromBase(directory, 1, DevLayout.DEFAULT_PORT_BASE).prepare();

    DevLayout.wipe(directory);

    assertThat(DevLayout.existing(directory)).isEmpty();
    assertThat(directory).isDirectoryContaining(path -> path.equals(mine));
  }

  private DevLayout prepared(int count) throws IOException {
    DevLayout layout = DevLayout.onFreePorts(directory, count);
    layout.prepare();
    return layout;
  }

  private DevCluster cluster(DevLayout layout) {
    return new DevCluster(layout, ShellOnlyServer::start, told::add);
  }

  private static CompletableFuture<Void> watch(DevCluster cluster) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("dev-cluster-watch")
        .start(
            () -> {
              try {
                cluster.watch();
                ended.complete(null);
              } catch (IOException | InterruptedException e) {
                ended.completeExceptionally(e);
              }
            });
    return ended;
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadlineNs);
      Thread.sleep(10);
    }
  }
}
