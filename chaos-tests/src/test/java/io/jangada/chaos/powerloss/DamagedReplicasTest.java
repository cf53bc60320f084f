// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.powerloss;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.chaos.history.HistoryChecker;
import io.jangada.chaos.live.LocalCluster;
import io.jangada.chaos.live.NodeProcess;
import io.jangada.client.ClientConfig;
import io.jangada.client.Consumer;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import io.jangada.client.PartitionDescription;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Bits rot on the disk of one broker, while records are written (rule 21): that is found, reported
 * and repaired from another broker, and nobody ever reads what is damaged.
 */
class DamagedReplicasTest {
  private static final String TOPIC = "rotten";
  private static final int PARTITIONS = 2;
  private static final int NODES = 3;
  private static final int SOME = 200;
  private static final int SEGMENTS = 3;
  private static final int SECTOR = 512;

  /** More than a group of the journal has as padding. */
  private static final int FLIPPED_BYTES = 16 << 10;

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration POLL = Duration.ofMillis(200);

  private final HttpClient http = HttpClient.newHttpClient();
  private LocalCluster cluster;
  private JangadaClient client;

  @BeforeEach
  void start() throws Exception {
    cluster =
        LocalCluster.start(
            LocalCluster.Options.ofTest(NODES).withSettings(Map.of("log.segment-size", "1MiB")));
    client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()));
    client.admin().createTopic(NewTopic.of(TOPIC, PARTITIONS, NODES));
  }

  @AfterEach
  void stop() throws Exception {
    if (client != null) {
      client.close();
    }
    if (cluster != null) {
      cluster.close();
    }
    http.close();
  }

  @Test
  void aClosedSegment() throws Exception {
    try (Load load = new Load(cluster.bootstrap(), TOPIC, PARTITIONS)) {
      load.start(3, 1);
      NodeProcess victim = cluster.node(leaderOf(0));
      await("segments are closed", () -> segments(victim).size() >= SEGMENTS);
      // Puts everything down: after a kill the segments would be written anew from the journal.
      victim.stop();
      flip(segments(victim).get(1));
      load.awaitMore(SOME, PATIENCE);
      restart(victim);

      // The next leader is the first in sync in the order of the replicas: the victim.
      NodeProcess successor = cluster.node(leaderOf(0));
      successor.kill();
      await("the victim leads", () -> leaderOf(0) == victim.plan().id());
      readFromTheBeginning();
      await("another leads", () -> leaderOf(0) != victim.plan().id());
      load.awaitMore(SOME, PATIENCE);
      await("it is fetched anew", () -> metric(victim, "jangada_replicas_rebuilt_total") == 1);
      restart(successor);

      assertThat(metric(victim, "jangada_replicas_quarantined_total")).isEqualTo(1);
      assertThat(log(victim)).contains("damage found while reading", "moving the damaged log");
      try (Stream<Path> quarantined = Files.list(logDirectory(victim).resolve("quarantine"))) {
        assertThat(quarantined).singleElement().asString().contains(TOPIC + "-0.");
      }
      load.awaitMore(SOME, PATIENCE);
      assertNothingLost(load);
    }
  }

  @Test
  void theMiddleOfTheJournal() throws Exception {
    try (Load load = new Load(cluster.bootstrap(), TOPIC, PARTITIONS)) {
      load.start(3, 2);
      load.awaitMore(SOME, PATIENCE);
      NodeProcess victim = cluster.node(leaderOf(0));
      victim.kill();
      try (Stream<Path> files = Files.list(logDirectory(victim).resolve("journal"))) {
        flip(files.sorted().findFirst().orElseThrow());
      }
      load.awaitMore(SOME, PATIENCE);
      restart(victim);
      assertThat(log(victim)).contains("Corrupt");
      load.awaitMore(SOME, PATIENCE);
      assertNothingLost(load);
    }
  }

  private void restart(NodeProcess node) throws Exception {
    node.start();
    cluster.awaitReady();
    await(
        "all replicas are in sync",
        () -> partitions().stream().allMatch(each -> each.isr().size() == NODES));
  }

  /** A bit in each sector of some pages in the middle of what was written. */
  private static void flip(Path file) throws IOException {
    try (RandomAccessFile damaged = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] content = new byte[Math.toIntExact(damaged.length())];
      damaged.readFully(content);
      int written = content.length;
      while (written > 0 && content[written - 1] == 0) {
        written--;
      }
      for (int at = written / 2;
          at < Math.min(written, written / 2 + FLIPPED_BYTES);
          at += SECTOR) {
        damaged.seek(at);
        damaged.write(content[at] ^ 0x04);
      }
    }
  }

  private void readFromTheBeginning() {
    TopicPartition partition = new TopicPartition(TOPIC, 0);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = -1;
      while (end < 0 || consumer.position(partition) < end) {
        assertThat(System.nanoTime()).as("too late: everything read").isLessThan(deadline);
        try {
          end = consumer.endOffsets(List.of(partition)).get(partition);
          consumer.poll(POLL);
        } catch (JangadaException e) {
          // The leader has just found out; the next one has it all.
          assertThat(e.retriable()).as(e.toString()).isTrue();
        }
      }
    }
  }

  private double metric(NodeProcess node, String name) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + node.plan().httpAddress() + "/metrics"))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofLines())
          .body()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String log(NodeProcess node) throws IOException {
    return Files.readString(node.plan().directory().resolve("broker.log"));
  }

  private static Path logDirectory(NodeProcess node) {
    return node.plan().directory().resolve("data").resolve("log");
  }

  private static List<Path> segments(NodeProcess node) {
    try (Stream<Path> directories = Files.list(logDirectory(node))) {
      Path partition =
          directories
              .filter(each -> String.valueOf(each.getFileName()).startsWith(TOPIC + "-0."))
              .findFirst()
              .orElse(null);
      if (partition == null) {
        return List.of();
      }
      try (Stream<Path> files = Files.list(partition)) {
        return files.filter(each -> each.toString().endsWith(".log")).sorted().toList();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<PartitionDescription> partitions() {
    return client.admin().describeTopics(List.of(TOPIC)).get(0).orThrow().partitions();
  }

  private int leaderOf(int partition) {
    return partitions().get(partition).leader();
  }

  private static void await(String what, BooleanSupplier holds) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as("too late: %s", what).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static void assertNothingLost(Load load) throws InterruptedException {
    load.finish();
    assertThat(HistoryChecker.check(load.recorder().history(load.drain(PATIENCE)))).isEmpty();
  }
}
