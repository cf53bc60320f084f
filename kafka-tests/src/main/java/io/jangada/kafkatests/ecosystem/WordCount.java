// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.ecosystem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Kafka Streams' own WordCountDemo counts the words of a text. It is killed when all it was given
 * is counted, its state is thrown away, and two come back in its place: from there on every count
 * is right only if they restored the state from the changelog. Then a broker is killed while they
 * count, and one of them: no count may be too small then.
 */
final class WordCount {
  private static final int LINES = 12_000;
  private static final int LINES_EACH_SEND = 100;
  private static final int PARTITIONS = 3;
  private static final int SESSION_TIMEOUT_MS = 6_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String APPLICATION = "word-count";
  private static final String INPUT = "streams-plaintext-input";
  private static final String OUTPUT = "streams-wordcount-output";
  private static final String STORE = APPLICATION + "-KSTREAM-AGGREGATE-STATE-STORE-0000000003-";
  private static final String REPARTITION = STORE + "repartition";
  private static final String CHANGELOG = STORE + "changelog";

  private final Stage stage;
  private final List<KafkaProgram> programs = new ArrayList<>();
  private final Map<String, Long> expected = new TreeMap<>();
  private int started;

  WordCount(Stage stage) {
    this.stage = stage;
  }

  String run() throws Exception {
    stage.topics().create(INPUT, PARTITIONS, stage.brokers());
    stage.topics().create(OUTPUT, PARTITIONS, stage.brokers());
    List<String> lines = RealText.lines(LINES);
    int third = lines.size() / 3;
    try {
      startProgram();
      send(lines.subList(0, third), 0);
      awaitCounted();
      requireExact("the first third");
      killProgram();
      startProgram();
      startProgram();
      send(lines.subList(third, 2 * third), 0);
      awaitCounted();
      requireExact("the second third, with the state restored");
      internalTopics();
      List<String> last = lines.subList(2 * third, lines.size());
      send(last.subList(0, last.size() / 3), 50);
      stage.kill(stage.topics().leader(new TopicPartition(CHANGELOG, 0)), "it leads the changelog");
      send(last.subList(last.size() / 3, last.size() * 2 / 3), 50);
      killProgram();
      send(last.subList(last.size() * 2 / 3, last.size()), 50);
      stage.restore();
      awaitCounted();
      long more = requireNothingLost();
      return "%d lines, %d different words; exact after the state was restored, nothing lost and %d"
              .formatted(lines.size(), expected.size(), more)
          + " counted again after a broker and a program were killed while counting";
    } catch (IOException e) {
      StringBuilder text = new StringBuilder(String.valueOf(e.getMessage()));
      programs.forEach(each -> text.append(System.lineSeparator()).append(each.logTail()));
      throw new IOException(text.toString(), e);
    } finally {
      programs.forEach(KafkaProgram::close);
    }
  }

  private void startProgram() throws IOException {
    int number = ++started;
    Map<String, String> settings = new HashMap<>();
    settings.put("application.id", APPLICATION);
    settings.put("bootstrap.servers", stage.bootstrap());
    settings.put("state.dir", stage.directory().resolve("state-" + number).toString());
    settings.put("commit.interval.ms", "200");
    settings.put("repartition.purge.interval.ms", "500");
    settings.put("main.consumer.session.timeout.ms", Integer.toString(SESSION_TIMEOUT_MS));
    settings.put("main.consumer.heartbeat.interval.ms", "1000");
    Path config = stage.properties("word-count-" + number + ".properties", settings);
    programs.add(
        KafkaProgram.start(
            stage.directory().resolve("word-count-" + number + ".log"),
            "org.apache.kafka.streams.examples.wordcount.WordCountDemo",
            config.toString()));
    stage.say("program " + number + " started, without any state");
  }

  /** The one that was started first; its state is not to be used again. */
  private void killProgram() throws InterruptedException, IOException {
    KafkaProgram program = programs.removeFirst();
    program.kill();
    program.close();
    int number = started - programs.size();
    Path state = stage.directory().resolve("state-" + number);
    if (Files.exists(state)) {
      Stage.removeTree(state);
    }
    stage.say("program " + number + " killed, its state thrown away");
  }

  /**
   * Sends lines and counts their words as the demo does.
   *
   * @param pauseMs after some of them each
   */
  private void send(List<String> lines, long pauseMs) throws InterruptedException {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", stage.bootstrap(), "enable.idempotence", true);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      int sent = 0;
      for (String line : lines) {
        // What fails is missed in the counts.
        var unused = producer.send(new ProducerRecord<>(INPUT, sent % PARTITIONS, null, line));
        for (String word : line.toLowerCase(Locale.getDefault()).split("\\W+")) {
          expected.merge(word, 1L, Long::sum);
        }
        sent++;
        if (sent % LINES_EACH_SEND == 0) {
          TimeUnit.MILLISECONDS.sleep(pauseMs);
        }
      }
    }
  }

  private void awaitCounted() throws Exception {
    Stage.await(
        "all of the text counted",
        PATIENCE,
        () -> {
          for (KafkaProgram program : programs) {
            if (!program.running()) {
              throw new IOException("a program ended by itself");
            }
          }
          return stage.admin().listTopics().names().get().contains(REPARTITION)
              && stage.isDone(APPLICATION, INPUT)
              && stage.isDone(APPLICATION, REPARTITION);
        });
  }

  /** The last count of each word in the output. */
  private Map<String, Long> counts() throws Exception {
    Map<String, Long> counts = new TreeMap<>();
    Map<String, Object> settings =
        Map.of("bootstrap.servers", stage.bootstrap(), "auto.offset.reset", "earliest");
    Map<TopicPartition, Long> ends = stage.ends(OUTPUT);
    try (KafkaConsumer<String, Long> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new LongDeserializer())) {
      consumer.assign(ends.keySet());
      Stage.await(
          "the output read",
          PATIENCE,
          () -> {
            for (ConsumerRecord<String, Long> record : consumer.poll(Duration.ofMillis(100))) {
              counts.put(record.key(), record.value());
            }
            return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
          });
    }
    return counts;
  }

  private void requireExact(String what) throws Exception {
    Map<String, Long> counts = counts();
    if (!counts.equals(expected)) {
      throw new IOException(what + " is counted wrongly: " + firstDifferences(counts));
    }
    stage.say(what + ": all " + counts.size() + " words counted right");
  }

  /** Returns how much more than the truth was counted. */
  private long requireNothingLost() throws Exception {
    Map<String, Long> counts = counts();
    long more = 0;
    for (Map.Entry<String, Long> word : expected.entrySet()) {
      long counted = counts.getOrDefault(word.getKey(), 0L);
      if (counted < word.getValue()) {
        throw new IOException("words are lost: " + firstDifferences(counts));
      }
      more += counted - word.getValue();
    }
    return more;
  }

  private String firstDifferences(Map<String, Long> counts) {
    return expected.entrySet().stream()
        .filter(word -> !word.getValue().equals(counts.get(word.getKey())))
        .limit(10)
        .map(word -> word + " but " + counts.get(word.getKey()))
        .toList()
        .toString();
  }

  /** As Streams makes them: and what it has read of the repartitioned records it deletes. */
  private void internalTopics() throws Exception {
    String changelog = stage.config(CHANGELOG, "cleanup.policy");
    String repartition = stage.config(REPARTITION, "cleanup.policy");
    if (!changelog.equals("compact") || !repartition.equals("delete")) {
      throw new IOException(
          "the changelog has cleanup.policy=" + changelog + ", the other " + repartition);
    }
    Stage.await(
        "records deleted that were read",
        PATIENCE,
        () -> stage.begins(REPARTITION).values().stream().anyMatch(begin -> begin > 0));
  }
}
