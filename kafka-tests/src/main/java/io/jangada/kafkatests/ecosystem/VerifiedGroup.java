// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.ecosystem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * VerifiableProducer writes numbers, three VerifiableConsumers read them in a group. A member is
 * killed, then the group's coordinator, then another member; new ones come. Each acknowledged
 * number has been read in the end, and what was read twice is what at-least-once allows.
 */
final class VerifiedGroup {
  private static final int PARTITIONS = 6;
  private static final int MEMBERS = 3;
  private static final int NUMBERS = 24_000;
  private static final int NUMBERS_PER_SECOND = 1_000;
  private static final int SESSION_TIMEOUT_MS = 6_000;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Stage stage;
  private final String protocol;
  private final String topic;
  private final List<Member> members = new ArrayList<>();
  private final List<Member> ended = new ArrayList<>();
  private final Set<String> acknowledged = new HashSet<>();

  VerifiedGroup(Stage stage, String protocol) {
    this.stage = stage;
    this.protocol = protocol;
    this.topic = "verified-" + protocol;
  }

  String run() throws Exception {
    stage.topics().create(topic, PARTITIONS, stage.brokers());
    try {
      for (int i = 0; i < MEMBERS; i++) {
        join();
      }
      Stage.await(
          "partitions for each of the members",
          PATIENCE,
          () -> members.stream().allMatch(Member::assigned));
      try (KafkaProgram producer = producer()) {
        writeAndKill(producer);
      }
      stage.restore();
      Stage.await(
          "everything read and committed by " + topic, PATIENCE, () -> stage.isDone(topic, topic));
      while (!members.isEmpty()) {
        Member member = members.removeFirst();
        ended.add(member);
        if (!member.running()) {
          throw new IOException(member.name() + " ended by itself: " + member.logTail());
        }
        member.stop();
      }
      return verdict();
    } finally {
      members.forEach(Member::close);
      ended.forEach(Member::close);
    }
  }

  private void join() throws IOException {
    String name = topic + "-member-" + (members.size() + ended.size() + 1);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--bootstrap-server",
                stage.bootstrap(),
                "--topic",
                topic,
                "--group-id",
                topic,
                "--group-protocol",
                protocol,
                "--reset-policy",
                "earliest",
                "--verbose"));
    if (protocol.equals("classic")) {
      arguments.addAll(List.of("--session-timeout", Integer.toString(SESSION_TIMEOUT_MS)));
    }
    members.add(Member.start(name, stage.directory(), arguments.toArray(String[]::new)));
  }

  private KafkaProgram producer() throws IOException {
    Path config =
        stage.properties(
            topic + "-producer.properties",
            Map.of("retries", Integer.toString(Integer.MAX_VALUE), "enable.idempotence", "true"));
    return KafkaProgram.startRead(
        stage.directory().resolve(topic + "-producer.log"),
        "org.apache.kafka.tools.VerifiableProducer",
        "--bootstrap-server",
        stage.bootstrap(),
        "--topic",
        topic,
        "--max-messages",
        Integer.toString(NUMBERS),
        "--throughput",
        Integer.toString(NUMBERS_PER_SECOND),
        "--command-config",
        config.toString());
  }

  private void writeAndKill(KafkaProgram producer) throws Exception {
    JsonMapper json = new JsonMapper();
    try (BufferedReader lines = producer.process().inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode event = json.readTree(line);
        if (!event.path("name").asText().equals("producer_send_success")) {
          continue;
        }
        acknowledged.add(event.path("value").asText());
        if (acknowledged.size() == NUMBERS / 6 || acknowledged.size() == NUMBERS * 4 / 6) {
          killMember();
        } else if (acknowledged.size() == NUMBERS * 3 / 6) {
          stage.kill(coordinator(), "it coordinates " + topic);
        }
      }
    }
    if (acknowledged.size() != NUMBERS) {
      throw new IOException(
          acknowledged.size() + " of " + NUMBERS + " acknowledged: " + producer.logTail());
    }
  }

  private void killMember() throws InterruptedException, IOException {
    Member member = members.removeFirst();
    ended.add(member);
    member.kill();
    stage.say(member.name() + " killed after " + acknowledged.size() + ", another comes");
    join();
  }

  private int coordinator() throws Exception {
    return stage
        .admin()
        .describeConsumerGroups(List.of(topic))
        .describedGroups()
        .get(topic)
        .get()
        .coordinator()
        .id();
  }

  private String verdict() throws Exception {
    Deliveries deliveries = new Deliveries();
    for (Member member : ended) {
      member.tell(deliveries, topic);
    }
    Deliveries.Verdict verdict = deliveries.verdict();
    Set<String> lost = new HashSet<>(acknowledged);
    lost.removeAll(deliveries.values());
    long written = stage.topics().ends(topic);
    if (!lost.isEmpty()
        || !verdict.complaints().isEmpty()
        || written != NUMBERS
        || verdict.records() != NUMBERS) {
      throw new IOException(
          "%d acknowledged, %d in the log, %d read, %d of the acknowledged not; %s"
              .formatted(
                  acknowledged.size(),
                  written,
                  verdict.records(),
                  lost.size(),
                  verdict.complaints()));
    }
    return "%d numbers acknowledged and read, %d of them again after %d handovers, none before what was committed"
        .formatted(NUMBERS, verdict.again(), verdict.handovers());
  }
}
