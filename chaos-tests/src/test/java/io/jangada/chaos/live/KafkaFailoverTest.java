// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.client.ClientConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.Test;

/** Kafka's own clients while the leader that they talk to is killed. */
class KafkaFailoverTest {
  private static final String TOPIC = "kafka-failover";
  private static final int NODES = 3;
  private static final int PARTITIONS = 3;
  private static final int SOME = 300;
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

  @Test
  void nothingAcknowledgedIsLostAndNothingIsThereTwice() throws Exception {
    try (LocalCluster cluster = LocalCluster.start(NODES);
        JangadaClient admin = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()))) {
      admin.admin().createTopic(new NewTopic(TOPIC, PARTITIONS, NODES, Map.of()));
      String servers =
          cluster.nodes().stream()
              .map(node -> node.plan().kafkaAddress())
              .collect(Collectors.joining(","));
      try (Sending sending = new Sending(servers);
          KafkaConsumer<Long, Long> consumer = consumer(servers)) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
          partitions.add(new TopicPartition(TOPIC, i));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        List<Long> read = new ArrayList<>();

        sending.awaitMore(SOME);
        readSome(consumer, read);
        int leader =
            admin
                .admin()
                .describeTopics(List.of(TOPIC))
                .get(0)
                .orThrow()
                .partitions()
                .getFirst()
                .leader();
        cluster.node(leader).kill();
        sending.awaitMore(SOME);
        readSome(consumer, read);
        cluster.node(leader).start();
        cluster.awaitReady();
        sending.awaitMore(SOME);

        Set<Long> acknowledged = sending.finish();
        readUntil(consumer, read, acknowledged);
        assertThat(new TreeSet<>(read)).as("what is read").containsAll(acknowledged);
        assertThat(read).as("what is read").doesNotHaveDuplicates();
        assertThat(sending.failures).as("what the producer gave up on").isEmpty();
      }
    }
  }

  private static KafkaConsumer<Long, Long> consumer(String servers) {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", servers, "enable.auto.commit", "false"),
        new LongDeserializer(),
        new LongDeserializer());
  }

  private static void readSome(KafkaConsumer<Long, Long> consumer, List<Long> read) {
    int before = read.size();
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    while (read.size() == before && System.nanoTime() < deadlineNs) {
      poll(consumer, read);
    }
    assertThat(read).as("what is read").hasSizeGreaterThan(before);
  }

  private static void readUntil(
      KafkaConsumer<Long, Long> consumer, List<Long> read, Set<Long> wanted) {
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    while (!new TreeSet<>(read).containsAll(wanted) && System.nanoTime() < deadlineNs) {
      poll(consumer, read);
    }
  }

  private static void poll(KafkaConsumer<Long, Long> consumer, List<Long> read) {
    for (ConsumerRecord<Long, Long> record : consumer.poll(Duration.ofMillis(200))) {
      read.add(record.value());
    }
  }

  /** Sends numbers, one after the other, until it is closed. */
  private static final class Sending implements AutoCloseable {
    private final KafkaProducer<Long, Long> producer;
    private final Set<Long> acknowledged = new ConcurrentSkipListSet<>();
    private final Set<String> failures = new ConcurrentSkipListSet<>();
    private final Thread thread = new Thread(this::run, "sending");
    private volatile boolean stop;

    Sending(String servers) {
      producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", servers, "linger.ms", "1"),
              new LongSerializer(),
              new LongSerializer());
      thread.start();
    }

    private void run() {
      for (long number = 0; !stop; number++) {
        long sent = number;
        var unused =
            producer.send(
                new ProducerRecord<>(TOPIC, (int) (number % PARTITIONS), number, number),
                (metadata, failure) -> {
                  if (failure == null) {
                    acknowledged.add(sent);
                  } else {
                    failures.add(failure.toString());
                  }
                });
        try {
          TimeUnit.MILLISECONDS.sleep(1);
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    void awaitMore(int records) throws InterruptedException {
      int wanted = acknowledged.size() + records;
      long deadlineNs = System.nanoTime() + PATIENCE_NS;
      while (acknowledged.size() < wanted) {
        assertThat(System.nanoTime())
            .as("acknowledgements; failures: " + failures)
            .isLessThan(deadlineNs);
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }

    Set<Long> finish() throws InterruptedException {
      stop = true;
      thread.join();
      producer.flush();
      return acknowledged;
    }

    @Override
    public void close() {
      stop = true;
      producer.close(Duration.ofSeconds(10));
    }
  }
}
