// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A quorum member that lost its disk may not vote as if nothing had happened. */
class WipedMemberTest {
  private static final int WIPED = 2;

  @Test
  void isRefusedUntilItComesBackAsANewOne() throws Exception {
    try (LocalCluster cluster = LocalCluster.start(3)) {
      String clusterId = clusterIdOf(cluster.node(1).plan());
      NodePlan plan = cluster.node(WIPED).plan();
      cluster.node(WIPED).kill();
      wipe(plan.directory().resolve("data"));
      cluster
          .commands()
          .expect("format", "-c", plan.configFile().toString(), "--cluster-id", clusterId);

      Commands.Result refused =
          cluster.commands().run("server", "-c", plan.configFile().toString());
      assertThat(refused.exitCode()).isNotZero();
      assertThat(refused.err()).contains("error: ").contains("try: ").contains("remove");

      String others = cluster.bootstrap();
      cluster
          .commands()
          .expect(
              "--bootstrap", others, "topic", "create", "still-here", "--replication-factor", "2");
      assertThat(cluster.commands().expect("--bootstrap", others, "topic", "list"))
          .contains("still-here");
      replaceIt(cluster, clusterId, others);
    }
  }

  /** What the error says: removed, formatted to join, added under the same id. */
  private static void replaceIt(LocalCluster cluster, String clusterId, String others)
      throws Exception {
    NodePlan plan = cluster.node(WIPED).plan();
    Commands commands = cluster.commands();
    String id = Integer.toString(WIPED);
    assertThat(commands.expect("--bootstrap", others, "quorum", "remove", id))
        .contains("2 members, of which none may fail");
    assertThat(commands.run("--bootstrap", others, "quorum", "add", plan.quorumMember()).exitCode())
        .as("nobody answers there")
        .isEqualTo(4);

    wipe(plan.directory().resolve("data"));
    commands.expect(
        "format", "-c", plan.configFile().toString(), "--cluster-id", clusterId, "--join");
    cluster.node(WIPED).start();
    cluster.awaitReady();
    assertThat(commands.expect("--bootstrap", others, "quorum", "add", plan.quorumMember()))
        .contains("3 members, of which 1 may fail");

    // Without it there is no majority from here on.
    cluster.node(3).kill();
    commands.expect(
        "--bootstrap", others, "topic", "create", "with-it", "--replication-factor", "1");
  }

  private static String clusterIdOf(NodePlan plan) throws IOException {
    return Files.readAllLines(plan.directory().resolve("data").resolve("meta.properties")).stream()
        .filter(line -> line.startsWith("cluster.id="))
        .map(line -> line.substring("cluster.id=".length()))
        .findFirst()
        .orElseThrow();
  }

  private static void wipe(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(directory)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }
}
