// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.ecosystem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * MirrorMaker 2 copies topics and the offsets of groups: from a cluster of Jangada to another, to a
 * Kafka and from it. A broker of the first is killed meanwhile. In the end copies are equal record
 * by record, and a group that goes on in the copy misses nothing.
 */
final class Mirrors {
  private static final int PARTITIONS = 3;
  private static final int RECORDS = 6_000;
  private static final int KEYS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(150);
  private static final String NEAR = "near";
  private static final String FAR = "far";
  private static final String KAFKA = "kafka";
  private static final String ORDERS = "orders";
  private static final String PRICES = "prices";
  private static final String GROUP = "bills-orders-of-";

  private final Map<String, Stage> clusters;
  private final Stage near;

  /** What is mirrored where; topics of the source are known there as {@code SOURCE.TOPIC}. */
  private record Flow(String source, String target) {
    String topic(String name) {
      return source + "." + name;
    }

    @Override
    public String toString() {
      return source + "->" + target;
    }
  }

  private static final List<Flow> FLOWS =
      List.of(new Flow(NEAR, FAR), new Flow(NEAR, KAFKA), new Flow(KAFKA, NEAR));

  /** The first two are of Jangada, the third is a Kafka. */
  Mirrors(Stage near, Stage far, Stage kafka) {
    this.near = near;
    this.clusters = Map.of(NEAR, near, FAR, far, KAFKA, kafka);
  }

  String run() throws Exception {
    for (String source : List.of(NEAR, KAFKA)) {
      Stage stage = clusters.get(source);
      // Of as many replicas as there are brokers; compacted, which is to be so in the copy too.
      short replicas = (short) stage.brokers();
      stage
          .admin()
          .createTopics(
              List.of(
                  new NewTopic(ORDERS, PARTITIONS, replicas),
                  new NewTopic(PRICES, 1, replicas).configs(Map.of("cleanup.policy", "compact"))))
          .all()
          .get();
      write(stage, 0, RECORDS / 3);
      readAndCommit(source, RECORDS / 6);
    }
    Path config = near.properties("mm2.properties", settings());
    try (KafkaProgram mirrorMaker =
        KafkaProgram.start(
            near.directory().resolve("mirror-maker.log"),
            "org.apache.kafka.connect.mirror.MirrorMaker",
            config.toString())) {
      try {
        for (Flow flow : FLOWS) {
          awaitCopied(mirrorMaker, flow);
        }
        write(near, RECORDS / 3, RECORDS / 2);
        near.kill(near.topics().leader(new TopicPartition(ORDERS, 0)), "it leads " + ORDERS);
        write(near, RECORDS / 2, RECORDS);
        write(clusters.get(KAFKA), RECORDS / 3, RECORDS);
        near.restore();
        for (String source : List.of(NEAR, KAFKA)) {
          readAndCommit(source, RECORDS);
        }
        for (Flow flow : FLOWS) {
          awaitCopied(mirrorMaker, flow);
        }
        List<String> told = new ArrayList<>();
        for (Flow flow : FLOWS) {
          told.add(checkFlow(flow));
        }
        return String.join("; ", told);
      } catch (IOException | RuntimeException e) {
        throw new IOException(e + System.lineSeparator() + mirrorMaker.logTail(), e);
      }
    }
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("clusters", String.join(",", clusters.keySet()));
    clusters.forEach(
        (name, stage) -> {
          String replicas = Integer.toString(stage.brokers());
          settings.put(name + ".bootstrap.servers", stage.bootstrap());
          for (String topics : List.of("config", "offset", "status")) {
            settings.put(name + "." + topics + ".storage.replication.factor", replicas);
          }
          settings.put(name + ".offset.storage.partitions", "2");
          settings.put(name + ".status.storage.partitions", "1");
        });
    for (Flow flow : FLOWS) {
      settings.put(flow + ".enabled", "true");
      // Not what was mirrored here itself.
      settings.put(flow + ".topics", ORDERS + "," + PRICES);
      settings.put(flow + ".groups", GROUP + flow.source());
      settings.put(flow + ".sync.group.offsets.enabled", "true");
      settings.put(
          flow + ".replication.factor", Integer.toString(clusters.get(flow.target()).brokers()));
      for (String internal : List.of("checkpoints", "heartbeats")) {
        settings.put(
            flow + "." + internal + ".topic.replication.factor",
            Integer.toString(clusters.get(flow.target()).brokers()));
      }
      settings.put(
          flow + ".offset-syncs.topic.replication.factor",
          Integer.toString(clusters.get(flow.source()).brokers()));
      settings.put(flow + ".offset.lag.max", "0");
      for (String what :
          List.of(
              "refresh.topics",
              "refresh.groups",
              "emit.checkpoints",
              "sync.group.offsets",
              "sync.topic.configs")) {
        settings.put(flow + "." + what + ".interval.seconds", "1");
      }
    }
    // Those that are not named exist as flows too, with nothing in them.
    settings.put("emit.heartbeats.enabled", "false");
    settings.put("offset.flush.interval.ms", "1000");
    settings.put("plugin.discovery", "service_load");
    return settings;
  }

  private static void write(Stage stage, int from, int to) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", stage.bootstrap(), "enable.idempotence", true);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      for (int i = from; i < to; i++) {
        ProducerRecord<String, String> order =
            new ProducerRecord<>(ORDERS, i % PARTITIONS, "order-" + i, "of item " + i * 31);
        order.headers().add("number", Integer.toString(i).getBytes(StandardCharsets.UTF_8));
        // What fails is missed when the group is to have read all orders.
        var unused = producer.send(order);
        var unusedToo =
            producer.send(new ProducerRecord<>(PRICES, 0, "item-" + i % KEYS, Integer.toString(i)));
      }
    }
  }

  /** As the group of that cluster does, until it has read so many orders in all. */
  private void readAndCommit(String source, int orders) throws Exception {
    Stage stage = clusters.get(source);
    try (KafkaConsumer<String, String> consumer = consumer(stage, GROUP + source)) {
      consumer.subscribe(List.of(ORDERS));
      Stage.await(
          orders + " orders read and committed",
          PATIENCE,
          () -> {
            consumer.poll(Duration.ofMillis(200));
            consumer.commitSync();
            return sum(stage.committed(GROUP + source)) >= orders;
          });
    }
  }

  private static KafkaConsumer<String, String> consumer(Stage stage, String group) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            stage.bootstrap(),
            "group.id",
            group,
            "auto.offset.reset",
            "earliest",
            "enable.auto.commit",
            false,
            "max.poll.records",
            "200"),
        new StringDeserializer(),
        new StringDeserializer());
  }

  private void awaitCopied(KafkaProgram mirrorMaker, Flow flow) throws Exception {
    Stage source = clusters.get(flow.source());
    Stage target = clusters.get(flow.target());
    List<String> copies = List.of(flow.topic(ORDERS), flow.topic(PRICES));
    Stage.await(
        flow + ": as many records in the copies",
        PATIENCE,
        () -> {
          if (!mirrorMaker.running()) {
            throw new IOException("MirrorMaker ended by itself");
          }
          return target.admin().listTopics().names().get().containsAll(copies)
              && sum(target.ends(copies.toArray(String[]::new)))
                  >= sum(source.ends(ORDERS, PRICES));
        });
    near.say(flow + ": all copied");
  }

  private static long sum(Map<TopicPartition, Long> offsets) {
    return offsets.values().stream().mapToLong(Long::longValue).sum();
  }

  private String checkFlow(Flow flow) throws Exception {
    Stage source = clusters.get(flow.source());
    Stage target = clusters.get(flow.target());
    Map<Integer, List<String>> original = records(source, ORDERS);
    Map<Integer, List<String>> copy = records(target, flow.topic(ORDERS));
    if (!original.equals(copy)) {
      throw new IOException(flow + ": the orders differ: " + firstDifference(original, copy));
    }
    // What was compacted meanwhile may be more on one side: the last price of each item is the
    // same.
    if (!lastValues(source, PRICES).equals(lastValues(target, flow.topic(PRICES)))) {
      throw new IOException(flow + ": the prices differ");
    }
    Stage.await(
        flow + ": cleanup.policy=compact in the copy",
        PATIENCE,
        () -> target.config(flow.topic(PRICES), "cleanup.policy").equals("compact"));
    awaitOffsets(flow);
    return "%s: %d orders equal, compaction told, the group where it was"
        .formatted(flow, original.values().stream().mapToInt(List::size).sum());
  }

  /**
   * The group is as far in the copy as in the original, whose offsets it has: nothing was
   * compacted, and copies begin with the first record.
   */
  private void awaitOffsets(Flow flow) throws Exception {
    String group = GROUP + flow.source();
    Map<TopicPartition, Long> wanted = new HashMap<>();
    clusters
        .get(flow.source())
        .committed(group)
        .forEach(
            (partition, offset) ->
                wanted.put(
                    new TopicPartition(flow.topic(partition.topic()), partition.partition()),
                    offset));
    Stage target = clusters.get(flow.target());
    Stage.await(
        flow + ": the group's offsets, " + wanted,
        PATIENCE,
        () -> target.committed(group).equals(wanted));
  }

  private static Map<Integer, List<String>> records(Stage stage, String topic) throws Exception {
    Map<Integer, List<String>> records = new TreeMap<>();
    for (ConsumerRecord<String, String> record : readAll(stage, topic)) {
      String headers =
          StreamSupport.stream(record.headers().spliterator(), false)
              .map(
                  header -> header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8))
              .collect(Collectors.joining(","));
      records
          .computeIfAbsent(record.partition(), each -> new ArrayList<>())
          .add("%d %s %s %s".formatted(record.timestamp(), headers, record.key(), record.value()));
    }
    return records;
  }

  private static Map<String, String> lastValues(Stage stage, String topic) throws Exception {
    Map<String, String> values = new TreeMap<>();
    readAll(stage, topic).forEach(record -> values.put(record.key(), record.value()));
    return values;
  }

  private static List<ConsumerRecord<String, String>> readAll(Stage stage, String topic)
      throws Exception {
    List<ConsumerRecord<String, String>> all = new ArrayList<>();
    Map<TopicPartition, Long> ends = stage.ends(topic);
    try (KafkaConsumer<String, String> consumer = consumer(stage, "reads-all")) {
      consumer.assign(ends.keySet());
      consumer.seekToBeginning(ends.keySet());
      Stage.await(
          topic + " read",
          PATIENCE,
          () -> {
            consumer.poll(Duration.ofMillis(100)).forEach(all::add);
            return ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
          });
    }
    return all;
  }

  private static String firstDifference(
      Map<Integer, List<String>> original, Map<Integer, List<String>> copy) {
    for (Map.Entry<Integer, List<String>> partition : original.entrySet()) {
      List<String> there = copy.getOrDefault(partition.getKey(), List.of());
      for (int i = 0; i < partition.getValue().size(); i++) {
        String expected = partition.getValue().get(i);
        if (i >= there.size() || !there.get(i).equals(expected)) {
          return "partition %d, record %d: expected %s, but got %s; %d and %d records"
              .formatted(
                  partition.getKey(),
                  i,
                  expected,
                  i < there.size() ? there.get(i) : "none",
                  partition.getValue().size(),
                  there.size());
        }
      }
    }
    return "more than there is: " + copy.size() + " partitions";
  }
}
