// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.client.NewTopic;
import io.jangada.client.PartitionDescription;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A broker outside the quorum gets a new disk under its old id: it comes back empty, without the
 * rights of its old log, fetches everything again, and nothing that was acknowledged is lost.
 */
class ReplacedDiskTest {
  private static final int REPLACED = 4;
  private static final int PARTITIONS = 4;
  private static final String ALONE = "alone";
  private static final int SOME = 300;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void comesBackEmptyAndIsFilledAgain() throws Exception {
    try (LocalCluster cluster = LocalCluster.start(3);
        HttpClient http = HttpClient.newHttpClient();
        Node broker = new Node(addTo(cluster, http))) {
      broker.format(cluster);
      broker.process().start();
      broker.awaitReady();
      try (Workload workload = Workload.start(cluster, NewTopic.of("replaced", PARTITIONS, 4))) {
        workload.awaitMore(SOME);
        awaitFullIsr(workload);
        workload.client().admin().createTopic(NewTopic.of(ALONE, 2 * REPLACED, 1));
        int owned = partitionOf(workload, REPLACED);

        broker.process().kill();
        workload.awaitMore(SOME);
        deleteTree(broker.process().plan().dataDirectory());
        broker.format(cluster);
        broker.process().start();
        broker.awaitReady();
        workload.awaitMore(SOME);
        awaitFullIsr(workload);
        electFromLastKnown(cluster, workload, owned);

        // It may lead now, from its new disk.
        cluster.node(1).kill();
        workload.awaitMore(SOME);
        workload.finish();
        assertThat(workload.missing(workload.readAll())).isEmpty();
        assertThat(workload.failures()).isEmpty();
      }
    }
  }

  private static int partitionOf(Workload workload, int broker) {
    return workload.describe(ALONE).stream()
        .filter(partition -> partition.replicas().equals(List.of(broker)))
        .mapToInt(PartitionDescription::partition)
        .findFirst()
        .orElseThrow();
  }

  /** Its only replica was on the old disk: nobody leads until somebody accepts the loss. */
  private static void electFromLastKnown(LocalCluster cluster, Workload workload, int partition)
      throws IOException, InterruptedException {
    PartitionDescription lost = workload.describe(ALONE).get(partition);
    assertThat(lost.leader()).isNegative();
    assertThat(lost.isr()).isEmpty();
    assertThat(lost.elr()).isEmpty();
    List<String> elect =
        List.of("--bootstrap", cluster.bootstrap(), "leader", "elect", "--from-last-known");
    String name = ALONE + ":" + partition;

    Commands.Result refused = run(cluster, elect, name);
    assertThat(refused.exitCode()).isEqualTo(4);
    assertThat(refused.err()).contains("broker 4 would lead " + name).contains("--force");
    assertThat(workload.describe(ALONE).get(partition).leader()).isNegative();

    assertThat(run(cluster, elect, "--force", name).exitCode()).isZero();
    PartitionDescription elected = workload.describe(ALONE).get(partition);
    assertThat(elected.leader()).isEqualTo(REPLACED);
    assertThat(elected.leaderEpoch()).isGreaterThan(lost.leaderEpoch());
    assertThat(run(cluster, elect, "--force", name).err()).contains("broker 4 leads");
  }

  private static Commands.Result run(LocalCluster cluster, List<String> command, String... more)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of(more));
    return cluster.commands().run(words.toArray(String[]::new));
  }

  private static void awaitFullIsr(Workload workload) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
    List<PartitionDescription> partitions = workload.describe();
    while (partitions.stream().anyMatch(each -> each.isr().size() < each.replicas().size())) {
      if (System.nanoTime() > deadlineNanos) {
        throw new AssertionError(
            "expected every replica in the ISR in time, but got " + partitions);
      }
      TimeUnit.MILLISECONDS.sleep(50);
      partitions = workload.describe();
    }
  }

  /** A broker that is no quorum member. */
  private static NodeProcess addTo(LocalCluster cluster, HttpClient http) throws IOException {
    Path directory = cluster.node(1).plan().directory().resolveSibling("broker-" + REPLACED);
    List<Integer> ports = freePorts();
    NodePlan plan =
        new NodePlan(REPLACED, ports.get(0), ports.get(1), ports.get(2), ports.get(3), directory);
    String members =
        cluster.nodes().stream()
            .map(node -> node.plan().quorumMember())
            .collect(Collectors.joining(","));
    Files.createDirectories(directory);
    Files.writeString(plan.configFile(), plan.config(members) + "node.roles: \"broker\"\n");
    return new NodeProcess(plan, cluster.commands(), http, List.of());
  }

  private static List<Integer> freePorts() throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }

  private record Node(NodeProcess process) implements AutoCloseable {
    void format(LocalCluster cluster) throws IOException, InterruptedException {
      Path meta = cluster.node(1).plan().dataDirectory().resolve("meta.properties");
      String clusterId =
          Files.readAllLines(meta).stream()
              .filter(line -> line.startsWith("cluster.id="))
              .map(line -> line.substring("cluster.id=".length()))
              .findFirst()
              .orElseThrow();
      cluster
          .commands()
          .expect(
              "format", "-c", process.plan().configFile().toString(), "--cluster-id", clusterId);
    }

    void awaitReady() throws InterruptedException {
      long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
      while (!process.ready()) {
        if (!process.running() || System.nanoTime() > deadlineNanos) {
          throw new AssertionError(
              "expected the broker to become ready; the end of its log:\n" + process.logTail());
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }

    @Override
    public void close() {
      process.abandon();
      process.awaitEnd();
    }
  }

  private static void deleteTree(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(directory)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }
}
