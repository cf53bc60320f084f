// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.ecosystem;

import io.jangada.kafkatests.clients.Topics;
import io.jangada.kafkatests.reference.JangadaUnderTest;
import io.jangada.kafkatests.reference.ReferenceKafka;
import io.jangada.kafkatests.reference.SpokenTo;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/**
 * What a show takes place on: a cluster, one of whose brokers at a time can be killed, a directory
 * for programs' files, an admin client. For one thread.
 */
final class Stage implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(50);
  private static final Map<String, String> SETTINGS =
      Map.of(
          "groups.initial-rebalance-delay",
          "500ms",
          "groups.consumer-session-timeout",
          "6s",
          "groups.consumer-heartbeat-interval",
          "1s");
  private static final int NOBODY = -1;

  private final SpokenTo cluster;
  private final Topics topics;
  private final Path directory;
  private final Admin admin;
  private final PrintStream out;
  private int killed = NOBODY;

  private Stage(SpokenTo cluster, PrintStream out) throws IOException {
    this.cluster = cluster;
    this.topics = new Topics(cluster);
    this.directory = Files.createTempDirectory("kafka-ecosystem-");
    this.admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrap()));
    this.out = out;
  }

  /** With so many of Jangada's brokers. */
  static Stage ofJangada(int brokers, PrintStream out) throws IOException, InterruptedException {
    return new Stage(JangadaUnderTest.start(brokers, SETTINGS), out);
  }

  /** With so many of Kafka's, none of which can be killed. */
  static Stage ofKafka(int brokers, PrintStream out) throws IOException, InterruptedException {
    return new Stage(
        ReferenceKafka.start(
            brokers,
            Map.of(
                "group.consumer.min.session.timeout.ms",
                "6000",
                "group.consumer.session.timeout.ms",
                "6000",
                "group.consumer.min.heartbeat.interval.ms",
                "1000",
                "group.consumer.heartbeat.interval.ms",
                "1000")),
        out);
  }

  /** Says what happens, while it happens. */
  void say(String what) {
    out.println("  " + what);
  }

  String bootstrap() {
    return cluster.bootstrap();
  }

  int brokers() {
    return cluster.brokers().size();
  }

  Topics topics() {
    return topics;
  }

  Path directory() {
    return directory;
  }

  Admin admin() {
    return admin;
  }

  /** A file with these lines {@code key=value}. */
  Path properties(String name, Map<String, String> settings) throws IOException {
    return Files.write(
        directory.resolve(name),
        settings.entrySet().stream()
            .map(setting -> setting.getKey() + "=" + setting.getValue())
            .sorted()
            .toList());
  }

  /** Kills a broker where that can be done. */
  void kill(int broker, String because) throws InterruptedException {
    if (cluster instanceof JangadaUnderTest jangada) {
      jangada.cluster().node(broker).kill();
      killed = broker;
      say("broker " + broker + " killed: " + because);
    }
  }

  /** Starts the killed one and waits until it is in sync everywhere. */
  void restore() throws Exception {
    if (killed != NOBODY && cluster instanceof JangadaUnderTest jangada) {
      jangada.cluster().node(killed).start();
      jangada.cluster().awaitReady();
      say("broker " + killed + " is back");
      killed = NOBODY;
      for (String topic : admin.listTopics().names().get()) {
        topics.awaitInSync(topic);
      }
    }
  }

  /** What is asked again and again. */
  interface Condition {
    boolean holds() throws Exception;
  }

  /** Waits for something. */
  static void await(String what, Duration patience, Condition condition) throws Exception {
    long deadlineNs = System.nanoTime() + patience.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadlineNs) {
        throw new IOException("expected within " + patience.toSeconds() + " s: " + what);
      }
      TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
    }
  }

  /** Where the partitions of these topics end. */
  Map<TopicPartition, Long> ends(String... names) throws InterruptedException, ExecutionException {
    return offsets(OffsetSpec.latest(), names);
  }

  /** Where they begin. */
  Map<TopicPartition, Long> begins(String... names)
      throws InterruptedException, ExecutionException {
    return offsets(OffsetSpec.earliest(), names);
  }

  private Map<TopicPartition, Long> offsets(OffsetSpec which, String... names)
      throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
    admin
        .describeTopics(List.of(names))
        .allTopicNames()
        .get()
        .forEach(
            (name, description) ->
                description
                    .partitions()
                    .forEach(
                        partition ->
                            wanted.put(new TopicPartition(name, partition.partition()), which)));
    return admin.listOffsets(wanted).all().get().entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                (Map.Entry<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> each) ->
                    each.getValue().offset()));
  }

  /** What a group has committed. */
  Map<TopicPartition, Long> committed(String group)
      throws InterruptedException, ExecutionException {
    Map<TopicPartition, Long> committed = new HashMap<>();
    for (Map.Entry<TopicPartition, OffsetAndMetadata> each :
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet()) {
      // Null where it was asked for and nothing is committed.
      if (each.getValue() != null) {
        committed.put(each.getKey(), each.getValue().offset());
      }
    }
    return committed;
  }

  /** Whether a group has committed all that these topics have. */
  boolean isDone(String group, String... names) throws InterruptedException, ExecutionException {
    Map<TopicPartition, Long> committed = committed(group);
    return ends(names).entrySet().stream()
        .allMatch(end -> end.getValue() == 0 || end.getValue().equals(committed.get(end.getKey())));
  }

  /** A topic's setting, as DescribeConfigs says it. */
  String config(String topic, String key) throws InterruptedException, ExecutionException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(key).value();
  }

  @Override
  public void close() throws IOException {
    admin.close(Duration.ZERO);
    cluster.close();
    removeTree(directory);
  }

  /** Removes a directory that no program uses any more. */
  static void removeTree(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(directory)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      try {
        Files.deleteIfExists(path);
      } catch (DirectoryNotEmptyException e) {
        throw new IOException(path + " is still written to", e);
      }
    }
  }
}
