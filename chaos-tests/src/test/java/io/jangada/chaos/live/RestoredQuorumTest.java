// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All disks of the quorum are lost, and what there is is a backup older than the brokers' logs. */
class RestoredQuorumTest {
  @TempDir Path directory;

  @Test
  void nothingThatWasAcknowledgedIsLostAndWhatTheBackupDoesNotKnowIsKept() throws Exception {
    try (LocalCluster cluster = LocalCluster.start(3)) {
      List<String> acknowledged = new ArrayList<>();
      expect(cluster, "topic", "create", "kept", "--partitions", "3");
      produce(cluster, "kept", "before", acknowledged);
      Path backup = directory.resolve("metadata.jmb");
      expect(cluster, "quorum", "backup", backup.toString());

      // Nobody would guess from the backup that broker 3 is behind, and that there is another
      // topic.
      cluster.node(3).kill();
      produce(cluster, "kept", "after", acknowledged);
      expect(cluster, "topic", "create", "later", "--replication-factor", "2");
      produce(cluster, "later", "later", new ArrayList<>());
      cluster.node(1).kill();
      cluster.node(2).kill();
      for (NodeProcess node : cluster.nodes()) {
        Path quorum = quorum(node);
        Files.move(quorum, quorum.resolveSibling("lost"));
        aloneInTheQuorum(node, cluster.node(1));
      }

      restore(cluster, backup);
      for (NodeProcess node : cluster.nodes()) {
        node.start();
      }
      cluster.awaitReady();
      assertThat(expect(cluster, "topic", "list")).contains("kept").doesNotContain("later");
      assertThat(expect(cluster, "consume", "kept", "--from", "beginning", "-e").lines())
          .containsExactlyInAnyOrderElementsOf(acknowledged);
      assertThat(keptAside(cluster.node(1))).singleElement().asString().startsWith("later-0.");
      assertThat(keptAside(cluster.node(2))).singleElement().asString().startsWith("later-0.");
      assertThat(Files.readString(cluster.node(1).plan().logFile()))
          .contains("later-0: the metadata does not know this replica")
          .contains("remove that directory");

      assertThat(expect(cluster, "quorum", "add", cluster.node(2).plan().quorumMember()))
          .contains("2 members");
      produce(cluster, "kept", "again", acknowledged);
      assertThat(expect(cluster, "consume", "kept", "--from", "beginning", "-e").lines())
          .containsExactlyInAnyOrderElementsOf(acknowledged);
    }
  }

  private void restore(LocalCluster cluster, Path backup) throws Exception {
    String config = cluster.node(1).plan().configFile().toString();
    byte[] bytes = Files.readAllBytes(backup);
    bytes[bytes.length / 2] ^= 1;
    Path damaged = Files.write(directory.resolve("damaged.jmb"), bytes);
    Commands.Result refused =
        cluster.commands().run("quorum", "restore", damaged.toString(), "-c", config);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("the file is damaged");

    String would =
        cluster
            .commands()
            .expect("quorum", "restore", backup.toString(), "-c", config, "--dry-run");
    assertThat(would).contains("node 1 would be the metadata quorum");
    assertThat(quorum(cluster.node(1))).doesNotExist();
    assertThat(cluster.commands().expect("quorum", "restore", backup.toString(), "-c", config))
        .contains("1 topics, 3 partitions, 3 brokers")
        .contains("node 1 is the metadata quorum");
    Commands.Result again =
        cluster.commands().run("quorum", "restore", backup.toString(), "-c", config);
    assertThat(again.exitCode()).isEqualTo(4);
    assertThat(again.err()).contains("expected a node whose quorum storage is empty");
  }

  private static Path quorum(NodeProcess node) {
    return node.plan().dataDirectory().resolve("quorum");
  }

  private static void aloneInTheQuorum(NodeProcess node, NodeProcess member) throws IOException {
    Files.writeString(node.plan().configFile(), node.plan().config(member.plan().quorumMember()));
  }

  private void produce(LocalCluster cluster, String topic, String what, List<String> into)
      throws Exception {
    List<String> lines = IntStream.range(0, 200).mapToObj(i -> what + "-" + i).toList();
    Path input = Files.write(directory.resolve(what + ".txt"), lines);
    expect(cluster, "produce", topic, input.toString());
    into.addAll(lines);
  }

  private static List<String> keptAside(NodeProcess node) throws IOException {
    try (Stream<Path> files = Files.walk(node.plan().dataDirectory())) {
      return files
          .filter(path -> path.getParent().endsWith("kept-aside"))
          .map(path -> path.getFileName().toString())
          .toList();
    }
  }

  private static String expect(LocalCluster cluster, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("--bootstrap", cluster.bootstrap()));
    all.addAll(List.of(arguments));
    return cluster.commands().expect(all.toArray(String[]::new));
  }
}
