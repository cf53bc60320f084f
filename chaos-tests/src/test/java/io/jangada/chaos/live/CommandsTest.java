// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jangada.client.ClientConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import io.jangada.client.TopicListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client's commands as scripts use them, against real processes. */
class CommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @SuppressWarnings("NullAway.Init") // Set before the first test.
  private static LocalCluster cluster;

  @TempDir Path directory;

  @BeforeAll
  static void start() throws Exception {
    cluster = LocalCluster.start(3);
  }

  @AfterAll
  static void stop() throws IOException {
    cluster.close();
  }

  private static Commands.Result run(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("--bootstrap", cluster.bootstrap()));
    all.addAll(List.of(arguments));
    return cluster.commands().run(all.toArray(String[]::new));
  }

  private static String expect(String... arguments) throws Exception {
    Commands.Result result = run(arguments);
    assertThat(result.exitCode()).as("%s: %s", List.of(arguments), result.err()).isZero();
    return result.out();
  }

  private static JsonNode json(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("-o", "json"));
    return JSON.readTree(expect(all.toArray(String[]::new)));
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void aTopicsLife() throws Exception {
    assertThat(expect("topic", "create", "life", "--partitions", "2", "--replication-factor", "3"))
        .isEqualTo("life created: 2 partitions, replication factor 3\n");
    assertThat(json("topic", "list").get("topics").findValuesAsText("name")).contains("life");

    JsonNode topic = json("topic", "describe", "life").get("topics").get(0);
    assertThat(names(topic)).contains("name", "id", "configs", "partitions");
    JsonNode partition = topic.get("partitions").get(1);
    assertThat(names(partition))
        .contains(
            "topic",
            "partition",
            "leader",
            "leaderEpoch",
            "replicas",
            "isr",
            "elr",
            "logStartOffset",
            "highWatermark",
            "logEndOffset");
    assertThat(partition.get("replicas")).hasSize(3);
    assertThat(names(json("partition", "list").get("partitions").get(0)))
        .isEqualTo(names(partition));

    Commands.Result unconfirmed = run("topic", "delete", "life");
    assertThat(unconfirmed.exitCode()).isEqualTo(4);
    assertThat(expect("topic", "delete", "life", "--dry-run")).isEqualTo("life would be deleted\n");
    assertThat(expect("topic", "delete", "life", "--yes")).isEqualTo("life deleted\n");
    assertThat(run("topic", "describe", "life").exitCode()).isEqualTo(3);
  }

  @Test
  void aTopicGrowsAndIsLedAsItWasPlaced() throws Exception {
    expect("topic", "create", "grows", "--partitions", "1", "--replication-factor", "3");
    JsonNode grown = json("topic", "alter", "grows", "--partitions", "3").get("partitions");
    assertThat(grown.get("before").asInt()).isEqualTo(1);
    assertThat(grown.get("total").asInt()).isEqualTo(3);
    Path input = Files.writeString(directory.resolve("more"), "hello\n");
    for (int partition = 0; partition < 3; partition++) {
      expect("produce", "grows", input.toString(), "-p", Integer.toString(partition));
    }
    assertThat(expect("consume", "grows", "--from", "beginning", "-e").lines()).hasSize(3);
    JsonNode partitions = json("topic", "describe", "grows").get("topics").get(0).get("partitions");
    assertThat(partitions.findValuesAsText("leader")).doesNotHaveDuplicates();

    Commands.Result same = run("topic", "alter", "grows", "--partitions", "3");
    assertThat(same.exitCode()).isEqualTo(1);
    assertThat(same.err()).contains("expected more than the 3 partitions that grows has");
    assertThat(expect("leader", "elect", "--preferred", "grows:0", "grows:2"))
        .endsWith("0 moved, 2 already led by the preferred replica, 0 refused\n");
  }

  /** Whoever types the second command at another broker finds what the first one made. */
  @Test
  void aTopicIsThereForEveryBrokerOnceItIsCreated() throws Exception {
    List<JangadaClient> clients = new ArrayList<>();
    try {
      for (NodeProcess node : cluster.nodes()) {
        clients.add(JangadaClient.connect(ClientConfig.of(node.plan().grpcAddress())));
      }
      for (int i = 0; i < 20; i++) {
        String name = "seen-" + i;
        clients.get(i % 3).admin().createTopic(NewTopic.of(name, 3, 3));
        assertThat(
                clients.get((i + 1) % 3).admin().describeTopics(List.of(name)).getFirst().error())
            .isNull();
        clients.get(i % 3).admin().deleteTopics(List.of(name), false).getFirst().orThrow();
        assertThat(clients.get((i + 2) % 3).admin().listTopics(false))
            .extracting(TopicListing::name)
            .doesNotContain(name);
      }
    } finally {
      clients.forEach(JangadaClient::close);
    }
    for (NodeProcess node : cluster.nodes()) {
      // Who leads is a line of who applies the metadata, not of every replica once more.
      assertThat(Files.readString(node.plan().logFile())).doesNotContain("LEADER in leader epoch");
    }
  }

  /** {@code script} gives the command a terminal. */
  @Test
  void onATerminalWatchRewritesTheScreen() throws Exception {
    String command =
        String.join(
            " ",
            cluster
                .commands()
                .builder(List.of("--bootstrap", cluster.bootstrap(), "broker", "list", "--watch"))
                .command());
    Path typed = directory.resolve("typescript");
    Process process =
        new ProcessBuilder("script", "-qefc", command, typed.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    String clear = "\u001b[H\u001b[2J";
    try {
      long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!Files.exists(typed)
          || Files.readString(typed).split(clear.replace("[", "\\[")).length < 3) {
        assertThat(System.nanoTime()).as("two screens in time").isLessThan(deadlineNanos);
        Thread.sleep(20);
      }
    } finally {
      process.destroy();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(Files.readString(typed)).contains(clear + "ID  STATE");
  }

  @Test
  void whatGoesInComesOut() throws Exception {
    expect("topic", "create", "pipe", "--partitions", "3");
    List<String> lines =
        IntStream.range(0, 20_000).mapToObj(i -> "key-" + i % 97 + ":line " + i).toList();
    Path input = Files.write(directory.resolve("in put.txt"), lines);
    JsonNode sent = json("produce", "pipe", input.toString(), "--key-separator", ":");
    assertThat(sent.get("acknowledged").asLong()).isEqualTo(20_000);

    String out = expect("consume", "pipe", "--from", "beginning", "-e", "-f", "%k:%v\\n");
    assertThat(out.lines().sorted().toList()).isEqualTo(lines.stream().sorted().toList());
    assertThat(expect("consume", "pipe", "-n", "5").lines()).hasSize(5);
    assertThat(expect("consume", "pipe", "--from", "-2", "-e", "-p", "1").lines()).hasSize(2);
    assertThat(expect("consume", "pipe", "--from", "end", "-e")).isEmpty();

    JsonNode record = json("consume", "pipe", "-n", "1");
    assertThat(names(record))
        .containsExactly("topic", "partition", "offset", "timestamp", "key", "value", "headers");
  }

  @Test
  void whatConsumePrintsInJsonProduceTakes() throws Exception {
    expect("topic", "create", "from", "--partitions", "1");
    expect("topic", "create", "into", "--partitions", "1");
    for (String compression : List.of("none", "zstd", "lz4", "snappy", "gzip")) {
      Path input = Files.writeString(directory.resolve("v"), "value with " + compression + "\n");
      expect(
          "produce",
          "from",
          input.toString(),
          "-k",
          "k",
          "-H",
          "a=b",
          "--compression",
          compression);
    }
    Path copy =
        Files.writeString(directory.resolve("copy"), expect("consume", "from", "-e", "-o", "json"));
    expect("produce", "into", copy.toString(), "--input", "json");
    String format = "%p %o %k %v %h %T\\n";
    assertThat(expect("consume", "into", "-e", "-f", format))
        .isEqualTo(expect("consume", "from", "-e", "-f", format))
        .contains("0 4 k value with gzip a=b ");
  }

  @Test
  void theClusterIsShown() throws Exception {
    JsonNode brokers = json("broker", "list").get("brokers");
    assertThat(brokers).hasSize(3);
    assertThat(names(brokers.get(0))).contains("id", "grpc", "kafka", "rack", "state");
    assertThat(brokers.findValuesAsText("grpc").stream().collect(Collectors.joining(",")))
        .isEqualTo(cluster.bootstrap());
    assertThat(brokers.findValuesAsText("state")).containsOnly("ACTIVE");

    JsonNode quorum = json("quorum", "status");
    assertThat(quorum.get("members")).hasSize(3);
    assertThat(quorum.get("leaderId").asInt()).isBetween(1, 3);
  }

  @Test
  void failuresHaveTheirExitCodesAndTheirShape() throws Exception {
    assertThat(run("produce", "nowhere", "/dev/null").exitCode()).isZero();
    Path input = Files.writeString(directory.resolve("v"), "v\n");
    Commands.Result unknown =
        run("produce", "nowhere", input.toString(), "--timeout", "2s", "-o", "json");
    assertThat(unknown.exitCode()).as(unknown.err()).isEqualTo(3);
    JsonNode error = JSON.readTree(unknown.err()).get("error");
    assertThat(names(error)).containsExactlyInAnyOrder("code", "message", "hint", "definite");
    assertThat(error.get("code").asText()).isEqualTo("UNKNOWN_TOPIC");

    assertThat(run("consume", "nowhere", "-e", "--timeout", "2s").exitCode()).isEqualTo(3);
    assertThat(run("topic", "create", "wide", "--replication-factor", "9").exitCode()).isEqualTo(1);
    assertThat(run("topic", "create", "no/slash").exitCode()).isEqualTo(1);
    assertThat(run("topic", "create").exitCode()).isEqualTo(2);
    assertThat(run("topic", "list", "--bootstrap", "127.0.0.1:1", "--timeout", "1s").exitCode())
        .isEqualTo(5);
  }
}
