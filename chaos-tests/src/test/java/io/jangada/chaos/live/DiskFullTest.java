// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import io.jangada.client.ClientConfig;
import io.jangada.client.Consumer;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.ConsumerRecord;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import io.jangada.client.Producer;
import io.jangada.client.ProducerConfig;
import io.jangada.client.ProducerRecord;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A disk that fills up: appends are refused definitely while there is still room for what must go
 * on, reading and deleting work, and so does everything again once there is room.
 */
@Timeout(180)
class DiskFullTest {
  private static final long MIB = 1 << 20;
  private static final int DISK_MIB = 1_024;
  private static final int RECORD_BYTES = 100_000;
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(3);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final SmallDisk disk = new SmallDisk();
  private Path directory = Path.of("");

  @BeforeEach
  void mount() throws Exception {
    try {
      directory = disk.mount(DISK_MIB).resolve("cluster");
    } catch (IOException e) {
      abort("SKIPPED: a disk of limited size cannot be mounted here: " + e.getMessage());
    }
  }

  @AfterEach
  void unmount() throws Exception {
    disk.close();
  }

  @Test
  void isRefusedBeforeTheAppendAndServiceResumesByItself() throws Exception {
    LocalCluster.Options options = LocalCluster.Options.ofTest(1);
    try (LocalCluster cluster =
            LocalCluster.start(
                new LocalCluster.Options(
                    options.distribution(), 1, Map.of(), directory, false, false));
        JangadaClient client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()));
        Producer producer =
            client.producer(
                ProducerConfig.defaults()
                    .withLimits(REQUEST_LIMIT, REQUEST_LIMIT, REQUEST_LIMIT))) {
      client.admin().createTopic(NewTopic.of("kept", 1, 1));
      client.admin().createTopic(NewTopic.of("doomed", 1, 1));
      Path filler = disk.fillUpTo(340 * MIB);

      int acknowledged = sendUntilFull(producer, "doomed");
      assertThat(acknowledged).isPositive();
      assertForWantOfRoom(refusal(producer, "kept"));
      assertThat(countOf(client, "doomed")).isEqualTo(acknowledged);

      Files.delete(filler);
      awaitSent(producer, "kept");

      sendUntilFullAgain(producer);
      client.admin().deleteTopics(List.of("doomed"), false).get(0).orThrow();
      awaitSent(producer, "kept");
      assertThat(cluster.node(1).running()).isTrue();
    }
  }

  /** Somebody else takes the last byte: what is in the journal waits for room to be written. */
  @Test
  void survivesADiskWithoutAnyRoom() throws Exception {
    LocalCluster.Options options = LocalCluster.Options.ofTest(1);
    try (LocalCluster cluster =
            LocalCluster.start(
                new LocalCluster.Options(
                    options.distribution(), 1, Map.of(), directory, false, false));
        JangadaClient client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()));
        Producer producer =
            client.producer(
                ProducerConfig.defaults()
                    .withLimits(REQUEST_LIMIT, REQUEST_LIMIT, REQUEST_LIMIT))) {
      client.admin().createTopic(NewTopic.of("kept", 1, 1));
      int sent = 0;
      for (; sent < 50; sent++) {
        producer.send(record("kept")).join();
      }
      Path filler = disk.fillUpTo(0);
      sent += sendUntilFull(producer, "kept"); // the broker looks now and then
      assertThatThrownBy(() -> client.admin().createTopic(NewTopic.of("none", 1, 1)))
          .isInstanceOf(JangadaException.class);
      assertThat(countOf(client, "kept")).isEqualTo(sent);

      Files.delete(filler);
      awaitSent(producer, "kept");
      client.admin().createTopic(NewTopic.of("another", 1, 1));
      assertThat(countOf(client, "kept")).isEqualTo(sent + 1);
      assertThat(cluster.node(1).running()).isTrue();
    }
  }

  private void sendUntilFullAgain(Producer producer) throws Exception {
    disk.fillUpTo(340 * MIB);
    sendUntilFull(producer, "doomed");
  }

  /** Sends record after record until one is refused, which has to be for want of room. */
  private static int sendUntilFull(Producer producer, String topic) {
    int acknowledged = 0;
    while (true) {
      List<CompletableFuture<?>> answers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        answers.add(producer.send(record(topic)));
      }
      JangadaException refusal = null;
      for (CompletableFuture<?> answer : answers) {
        try {
          answer.join();
          acknowledged++;
        } catch (CompletionException e) {
          refusal = (JangadaException) e.getCause();
        }
      }
      if (refusal != null) {
        assertForWantOfRoom(refusal);
        return acknowledged;
      }
      assertThat(acknowledged * (long) RECORD_BYTES).isLessThan(DISK_MIB * MIB);
    }
  }

  /**
   * The client tried until its time was over; it says why in vain, and that nothing was written.
   */
  private static void assertForWantOfRoom(JangadaException refusal) {
    assertThat(refusal.definite()).isTrue();
    assertThat(refusal.getCause())
        .isInstanceOfSatisfying(
            JangadaException.class,
            cause -> assertThat(cause.code()).isEqualTo(ErrorCode.DISK_FULL));
  }

  private static JangadaException refusal(Producer producer, String topic) {
    CompletableFuture<?> answer = producer.send(record(topic));
    assertThatThrownBy(answer::join).isInstanceOf(CompletionException.class);
    return (JangadaException) answer.exceptionNow();
  }

  private static void awaitSent(Producer producer, String topic) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        producer.send(record(topic)).join();
        return;
      } catch (CompletionException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }

  private static ProducerRecord record(String topic) {
    return ProducerRecord.of(topic, null, new byte[RECORD_BYTES]);
  }

  private static int countOf(JangadaClient client, String topic) {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      int count = 0;
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (consumer.position(partition) < end) {
        for (ConsumerRecord ignored : consumer.poll(Duration.ofMillis(200))) {
          count++;
        }
        assertThat(System.nanoTime()).isLessThan(deadline);
      }
      return count;
    }
  }
}
