// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import io.jangada.client.ClientConfig;
import io.jangada.client.Consumer;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.ConsumerRecord;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import io.jangada.client.PartitionDescription;
import io.jangada.client.Producer;
import io.jangada.client.ProducerConfig;
import io.jangada.client.ProducerRecord;
import io.jangada.common.TopicPartition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A producer that writes numbers one after the other on a thread of its own, and notes which were
 * acknowledged. {@link #missing} and {@link #repeated} compare that with what can be read.
 */
final class Workload implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long PAUSE_NS = 200_000;

  private final JangadaClient client;
  private final String topic;
  private final int partitions;
  private final Queue<Long> acknowledged = new ConcurrentLinkedQueue<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicLong acknowledgements = new AtomicLong();
  private final Thread thread;
  private volatile boolean stop;

  private Workload(JangadaClient client, String topic, int partitions) {
    this.client = client;
    this.topic = topic;
    this.partitions = partitions;
    this.thread = new Thread(this::produce, "workload-" + topic);
  }

  /** Creates the topic with replication factor 3 and begins to write. */
  static Workload start(LocalCluster cluster, String topic, int partitions) {
    return start(cluster, new NewTopic(topic, partitions, 3, Map.of()));
  }

  /** Creates the topic and begins to write. */
  static Workload start(LocalCluster cluster, NewTopic topic) {
    return start(JangadaClient.connect(ClientConfig.of(cluster.bootstrap())), topic);
  }

  /** Creates the topic and begins to write through a client, which is closed with the workload. */
  static Workload start(JangadaClient client, NewTopic topic) {
    Workload workload = new Workload(client, topic.name(), topic.partitions());
    workload.client.admin().createTopic(topic);
    workload.thread.start();
    return workload;
  }

  JangadaClient client() {
    return client;
  }

  /** The broker that leads the partition now. */
  int leaderOf(int partition) {
    return describe().get(partition).leader();
  }

  /** The partitions as they are now. */
  List<PartitionDescription> describe() {
    return describe(topic);
  }

  /** The partitions of another topic. */
  List<PartitionDescription> describe(String other) {
    return client.admin().describeTopics(List.of(other)).get(0).orThrow().partitions();
  }

  /** Waits until so many more records have been acknowledged. */
  void awaitMore(int records) throws InterruptedException {
    long wanted = acknowledgements.get() + records;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (acknowledgements.get() < wanted) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "expected %d more acknowledgements within %d s, but only %d came; failures: %s"
                .formatted(
                    records,
                    PATIENCE.toSeconds(),
                    records - (wanted - acknowledgements.get()),
                    failures));
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  /** Stops writing, when all that was sent is answered. */
  void finish() throws InterruptedException {
    stop = true;
    thread.join();
  }

  /** Refusals that the producer gave up on. */
  Collection<String> failures() {
    return failures;
  }

  long acknowledgedCount() {
    return acknowledgements.get();
  }

  /** Acknowledged numbers that cannot be read. */
  List<Long> missing(Map<Long, Integer> read) {
    return acknowledged.stream().filter(number -> !read.containsKey(number)).sorted().toList();
  }

  /** Numbers that are there more than once. */
  static List<Long> repeated(Map<Long, Integer> read) {
    return read.entrySet().stream()
        .filter(entry -> entry.getValue() > 1)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** Reads the topic from its beginning to its end: how often each number is there. */
  Map<Long, Integer> readAll() {
    List<TopicPartition> all = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      all.add(new TopicPartition(topic, i));
    }
    Map<Long, Integer> read = new HashMap<>();
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      consumer.assign(all);
      consumer.seekToBeginning(all);
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (all.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError(
              "expected to read up to " + ends + " in time, but got no further");
        }
        for (ConsumerRecord record : consumer.poll(Duration.ofMillis(200))) {
          read.merge(numberIn(record), 1, Integer::sum);
        }
      }
    }
    return read;
  }

  private static long numberIn(ConsumerRecord record) {
    ByteBuffer value = Objects.requireNonNull(record.value());
    return value.getLong(value.position());
  }

  private void produce() {
    try (Producer producer = client.producer(ProducerConfig.defaults())) {
      for (long number = 0; !stop; number++) {
        long sent = number;
        byte[] key = Long.toString(number).getBytes(StandardCharsets.UTF_8);
        byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        producer.send(
            ProducerRecord.of(topic, key, value),
            (metadata, error) -> {
              if (error == null) {
                acknowledged.add(sent);
                acknowledgements.incrementAndGet();
              } else {
                failures.add(error.code() + ": " + error.getMessage());
              }
            });
        LockSupport.parkNanos(PAUSE_NS);
      }
      producer.flush();
    }
  }

  @Override
  public void close() {
    stop = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    client.close();
  }
}
