// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jangada.kafkatests.reference.JangadaUnderTest;
import io.jangada.kafkatests.reference.SpokenTo;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * VerifiableProducer writes numbers and says which were acknowledged; meanwhile the leader is
 * killed. Afterwards each acknowledged number is in the log once, and they are in order.
 */
final class KilledLeader {
  private static final int MESSAGES = 6000;
  private static final int KILL_AFTER = 2000;
  private static final Duration READ_PATIENCE = Duration.ofSeconds(30);

  private final SpokenTo cluster;
  private final Topics topics;
  private final TopicPartition partition = new TopicPartition("verified", 0);

  KilledLeader(SpokenTo cluster, Topics topics) {
    this.cluster = cluster;
    this.topics = topics;
  }

  String run() throws Exception {
    topics.create(partition.topic(), 1, cluster.brokers().size());
    int leader = topics.leader(partition);
    // By itself it sends once and reports what a dying leader did not answer.
    Path config =
        Files.writeString(
            Files.createTempFile("verifiable-producer-", ".properties"),
            "retries=2147483647\nenable.idempotence=true\n");
    Process process =
        new ProcessBuilder(
                Programs.tool(
                    "VerifiableProducer",
                    "--bootstrap-server",
                    cluster.bootstrap(),
                    "--topic",
                    partition.topic(),
                    "--max-messages",
                    Integer.toString(MESSAGES),
                    "--throughput",
                    "1500",
                    "--command-config",
                    config.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> acknowledged;
    try (BufferedReader lines = process.inputReader()) {
      acknowledged = acknowledged(lines, leader);
    } finally {
      process.destroyForcibly();
      Files.delete(config);
    }
    List<String> read = read(acknowledged.size());
    Set<String> once = new HashSet<>(read);
    if (acknowledged.size() != MESSAGES
        || once.size() != read.size()
        || !once.containsAll(acknowledged)) {
      throw new IOException(
          "%d sent, %d acknowledged, %d in the log, %d of them different"
              .formatted(MESSAGES, acknowledged.size(), read.size(), once.size()));
    }
    for (int i = 1; i < read.size(); i++) {
      if (Integer.parseInt(read.get(i)) < Integer.parseInt(read.get(i - 1))) {
        throw new IOException(read.get(i) + " comes after " + read.get(i - 1));
      }
    }
    String death = "no broker killed";
    if (cluster instanceof JangadaUnderTest jangada) {
      death = "broker %d killed after %d".formatted(leader, KILL_AFTER);
      // Everybody is there when the next program begins.
      jangada.cluster().node(leader).start();
      topics.awaitInSync(partition.topic());
    }
    return "%d numbers acknowledged, %s, each in the log once and in order"
        .formatted(acknowledged.size(), death);
  }

  private List<String> acknowledged(BufferedReader lines, int leader)
      throws IOException, InterruptedException {
    JsonMapper json = new JsonMapper();
    List<String> acknowledged = new ArrayList<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      JsonNode event = json.readTree(line);
      if (event.path("name").asText().equals("producer_send_success")) {
        acknowledged.add(event.path("value").asText());
        if (acknowledged.size() == KILL_AFTER && cluster instanceof JangadaUnderTest jangada) {
          jangada.cluster().node(leader).kill();
        }
      }
    }
    return acknowledged;
  }

  private List<String> read(int expected) throws IOException {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            cluster.bootstrap(),
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false);
    List<String> read = new ArrayList<>();
    long deadlineNanos = System.nanoTime() + READ_PATIENCE.toNanos();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        if (System.nanoTime() > deadlineNanos) {
          throw new IOException(read.size() + " of " + expected + " read in time");
        }
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
          read.add(record.value());
        }
      }
    }
    return read;
  }
}
