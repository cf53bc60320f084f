// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jangada.client.fake.Behaviour;
import io.jangada.client.fake.FakeCluster;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.record.Compression;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProducerTest {
  private static final TopicPartition T0 = new TopicPartition("t", 0);

  private final FakeCluster cluster = new FakeCluster(3);
  private final JangadaClient client = JangadaClient.connect(cluster.config());

  @BeforeEach
  void create() {
    cluster.createTopic("t", 1, 2, 3);
  }

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  @Test
  void recordsArriveInOrderAtTheOffsetsThatWereTold() throws Exception {
    try (Producer producer = client.producer(ProducerConfig.defaults())) {
      List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < 3000; i++) {
        sent.add(producer.send(ProducerRecord.of("t", i % 3, null, bytes("v" + i))));
      }
      for (int i = 0; i < sent.size(); i++) {
        RecordMetadata metadata = get(sent.get(i));
        assertThat(metadata.topicPartition()).isEqualTo(new TopicPartition("t", i % 3));
        assertThat(metadata.offset()).isEqualTo(i / 3);
      }
    }
    for (int p = 0; p < 3; p++) {
      List<String> values = cluster.values(new TopicPartition("t", p));
      assertThat(values).hasSize(1000);
      for (int i = 0; i < 1000; i++) {
        assertThat(values.get(i)).isEqualTo("v" + (3 * i + p));
      }
    }
  }

  @Test
  void everyCompressionIsUnderstood() throws Exception {
    for (Compression compression : Compression.values()) {
      try (Producer producer =
          client.producer(ProducerConfig.defaults().withCompression(compression))) {
        get(producer.send(ProducerRecord.of("t", 0, null, bytes("x".repeat(1000)))));
      }
    }
    assertThat(cluster.values(T0)).hasSize(Compression.values().length);
  }

  @Test
  void noBatchIsLargerThanTheTopicTakes() throws Exception {
    cluster.createTopic("small", Map.of("max.message.bytes", "2000"), 1);
    TopicPartition small = new TopicPartition("small", 0);
    try (Producer producer =
        client.producer(ProducerConfig.defaults().withBatching(64 * 1024, Duration.ofMillis(20)))) {
      List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        sent.add(producer.send(ProducerRecord.of("small", 0, null, new byte[100])));
      }
      for (CompletableFuture<RecordMetadata> each : sent) {
        get(each);
      }
    }
    assertThat(cluster.largestBatch(small)).isBetween(1_000, 2_000);
  }

  @Test
  void theHintOfARefusalIsFollowed() throws Exception {
    try (Producer producer = client.producer(ProducerConfig.defaults())) {
      get(producer.send(ProducerRecord.of("t", 0, null, bytes("a"))));
      cluster.electSecretly(T0, 3);
      get(producer.send(ProducerRecord.of("t", 0, null, bytes("b"))));
    }
    assertThat(cluster.values(T0)).containsExactly("a", "b");
  }

  @Test
  void aKilledLeaderLosesAndRepeatsNothing() throws Exception {
    try (Producer producer = client.producer(small())) {
      List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < 2000; i++) {
        sent.add(producer.send(ProducerRecord.of("t", 0, null, bytes("v" + i))));
        if (i == 700) {
          get(sent.get(300));
          cluster.broker(1).kill();
          cluster.elect(T0, 2);
        }
        if (i == 1400) {
          get(sent.get(1000));
          cluster.broker(1).start();
          cluster.broker(2).kill();
          cluster.elect(T0, 1);
        }
      }
      for (CompletableFuture<RecordMetadata> each : sent) {
        get(each);
      }
    }
    List<String> values = cluster.values(T0);
    assertThat(values).hasSize(2000);
    for (int i = 0; i < 2000; i++) {
      assertThat(values.get(i)).isEqualTo("v" + i);
    }
  }

  @Test
  void aFrozenLeaderIsNotWaitedForOnceAnotherLeads() throws Exception {
    try (Producer producer = client.producer(ProducerConfig.defaults())) {
      get(producer.send(ProducerRecord.of("t", 0, null, bytes("a"))));
      cluster.broker(1).freeze();
      CompletableFuture<RecordMetadata> b =
          producer.send(ProducerRecord.of("t", 0, null, bytes("b")));
      producer.send(ProducerRecord.of("t", 1, null, bytes("elsewhere"))).get(5, TimeUnit.SECONDS);
      cluster.elect(T0, 2);
      get(b);
    }
    assertThat(cluster.values(T0)).containsExactly("a", "b");
  }

  @Test
  void anAppendWhoseAnswerWasLostIsNotRepeated() throws Exception {
    cluster.script(T0, Behaviour.breakStream(true), Behaviour.nonsense(true));
    try (Producer producer = client.producer(ProducerConfig.defaults())) {
      assertThat(get(producer.send(ProducerRecord.of("t", 0, null, bytes("a")))).offset())
          .isEqualTo(0);
    }
    assertThat(cluster.values(T0)).containsExactly("a");
    assertThat(cluster.scriptLeft(T0)).isZero();
  }

  @Test
  void aRefusedBatchDoesNotHoldUpTheNext() throws Exception {
    try (Producer producer = client.producer(ProducerConfig.defaults())) {
      get(producer.send(ProducerRecord.of("t", 0, null, bytes("a"))));
      cluster.script(T0, Behaviour.refuse(ErrorCode.MESSAGE_TOO_LARGE));
      JangadaException refused =
          failure(producer.send(ProducerRecord.of("t", 0, null, bytes("b"))));
      assertThat(refused.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
      assertThat(refused.definite()).isTrue();
      get(producer.send(ProducerRecord.of("t", 0, null, bytes("c"))));
      get(producer.send(ProducerRecord.of("t", 0, null, bytes("d"))));
    }
    assertThat(cluster.values(T0)).containsExactly("a", "c", "d");
  }

  @Test
  void withoutLeaderDeliveryEndsDefinitely() {
    cluster.elect(T0, -1);
    try (Producer producer = client.producer(impatient(300))) {
      JangadaException late = failure(producer.send(ProducerRecord.of("t", 0, null, bytes("a"))));
      assertThat(late.code()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
      assertThat(late.definite()).isTrue();
      assertThat(late).hasMessageContaining("leader");
    }
    assertThat(cluster.values(T0)).isEmpty();
  }

  @Test
  void withoutAnswerDeliveryEndsIndefinitelyAndTheNextRecordsFollow() throws Exception {
    try (Producer producer = client.producer(impatient(400))) {
      get(producer.send(ProducerRecord.of("t", 0, null, bytes("a"))));
      cluster.script(
          T0, Behaviour.appendButSay(ErrorCode.REQUEST_TIMED_OUT), Behaviour.silence(false));
      JangadaException late = failure(producer.send(ProducerRecord.of("t", 0, null, bytes("b"))));
      assertThat(late.code()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
      assertThat(late.definite()).isFalse();
    }
    assertThat(cluster.values(T0)).containsExactly("a", "b");
  }

  @Test
  void theBufferIsBounded() throws Exception {
    cluster.broker(1).freeze();
    ProducerConfig config =
        ProducerConfig.defaults()
            .withMemory(100_000, 50_000)
            .withLimits(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(2));
    try (Producer producer = client.producer(config)) {
      List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        sent.add(producer.send(ProducerRecord.of("t", 0, null, new byte[10_000])));
        if (sent.get(i).isCompletedExceptionally()) {
          break;
        }
      }
      JangadaException full = failure(sent.get(sent.size() - 1));
      assertThat(full.code()).isEqualTo(ErrorCode.OVERLOADED);
      assertThat(full.definite()).isTrue();
      assertThat(sent.size()).isBetween(5, 11);
      for (CompletableFuture<RecordMetadata> each : sent.subList(0, sent.size() - 1)) {
        assertThat(failure(each).code()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
      }
      // Everything was given back.
      get(producer.send(ProducerRecord.of("t", 1, null, new byte[49_000])));
    }
  }

  @Test
  void whatCannotBeSentIsRefusedAtOnce() {
    try (Producer producer = client.producer(ProducerConfig.defaults())) {
      assertThat(failure(producer.send(ProducerRecord.of("t", null, new byte[2 << 20]))).code())
          .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
      assertThat(failure(producer.send(ProducerRecord.of("t", 9, null, null))).code())
          .isEqualTo(ErrorCode.UNKNOWN_PARTITION);
      assertThat(failure(producer.send(ProducerRecord.of("none", null, null))).code())
          .isEqualTo(ErrorCode.UNKNOWN_TOPIC);
    }
  }

  @Test
  void aTopicCreatedWhileItIsWaitedForIsFound() throws Exception {
    try (Producer producer = client.producer(ProducerConfig.defaults())) {
      CompletableFuture<RecordMetadata> sent = new CompletableFuture<>();
      Thread sending =
          new Thread(
              () ->
                  producer.send(
                      ProducerRecord.of("late", 0, null, bytes("a")),
                      (metadata, error) -> sent.complete(metadata)));
      sending.start();
      await(
          () ->
              cluster.broker(1).watcherCount()
                      + cluster.broker(2).watcherCount()
                      + cluster.broker(3).watcherCount()
                  > 0);
      cluster.createTopic("late", 2);
      get(sent);
      sending.join();
    }
    assertThat(cluster.values(new TopicPartition("late", 0))).containsExactly("a");
  }

  @Test
  void withoutAcknowledgementNobodyWaits() throws Exception {
    try (Producer producer =
        client.producer(ProducerConfig.defaults().withAcknowledgement(Acknowledgement.NONE))) {
      assertThat(get(producer.send(ProducerRecord.of("t", 0, null, bytes("a")))).offset())
          .isEqualTo(-1);
    }
    await(() -> cluster.values(T0).size() == 1);
  }

  @Test
  void withTheLeadersAcknowledgementOrderIsKept() throws Exception {
    cluster.script(T0, Behaviour.refuse(ErrorCode.OVERLOADED));
    try (Producer producer = client.producer(small().withAcknowledgement(Acknowledgement.LEADER))) {
      List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        sent.add(producer.send(ProducerRecord.of("t", 0, null, bytes("v" + i))));
      }
      for (int i = 0; i < 100; i++) {
        assertThat(get(sent.get(i)).offset()).isEqualTo(i);
      }
    }
  }

  @Test
  void callbacksMaySendAndThrow() throws Exception {
    CompletableFuture<String> thread = new CompletableFuture<>();
    CompletableFuture<RecordMetadata> second = new CompletableFuture<>();
    try (Producer producer = client.producer(ProducerConfig.defaults())) {
      producer.send(
          ProducerRecord.of("t", 0, null, bytes("a")),
          (metadata, error) -> {
            thread.complete(Thread.currentThread().getName());
            producer.send(
                ProducerRecord.of("t", 0, null, bytes("b")),
                (metadata2, error2) -> second.complete(metadata2));
            throw new IllegalStateException("thrown on purpose");
          });
      assertThat(get(second).offset()).isEqualTo(1);
      assertThat(thread.get()).startsWith("jangada-producer-");
    }
  }

  @Test
  void flushWaitsForAllAndCloseForNoLongerThanItIsTold() throws Exception {
    Producer producer =
        client.producer(ProducerConfig.defaults().withBatching(1 << 20, Duration.ofMinutes(1)));
    CompletableFuture<RecordMetadata> a =
        producer.send(ProducerRecord.of("t", 0, null, bytes("a")));
    producer.flush();
    assertThat(a).isDone();
    cluster.broker(1).freeze();
    CompletableFuture<RecordMetadata> b =
        producer.send(ProducerRecord.of("t", 0, null, bytes("b")));
    producer.close(Duration.ofMillis(200));
    JangadaException closed = failure(b);
    assertThat(closed.code()).isEqualTo(ErrorCode.SHUTTING_DOWN);
    assertThat(closed.definite()).isFalse();
    assertThat(failure(producer.send(ProducerRecord.of("t", 0, null, null))).code())
        .isEqualTo(ErrorCode.SHUTTING_DOWN);
  }

  @Test
  void aProducerThatIsOpenWritesToPartitionsThatAreAdded() throws Exception {
    cluster.createTopic("u", 1);
    try (Producer producer = client.producer(ProducerConfig.defaults())) {
      get(producer.send(ProducerRecord.of("u", 0, null, bytes("a"))));
      assertThat(failure(producer.send(ProducerRecord.of("u", 1, null, bytes("b")))).code())
          .isEqualTo(ErrorCode.UNKNOWN_PARTITION);
      cluster.addPartitions("u", 2);
      await(
          () ->
              !producer
                  .send(ProducerRecord.of("u", 1, null, bytes("c")))
                  .isCompletedExceptionally());
      producer.flush();
    }
    assertThat(cluster.values(new TopicPartition("u", 1))).containsExactly("c");
  }

  private static ProducerConfig small() {
    return ProducerConfig.defaults().withBatching(256, Duration.ZERO);
  }

  private static ProducerConfig impatient(long deliveryMs) {
    return ProducerConfig.defaults()
        .withLimits(Duration.ofSeconds(5), Duration.ofMillis(200), Duration.ofMillis(deliveryMs));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  static JangadaException failure(CompletableFuture<?> future) {
    Throwable thrown = catchThrowable(() -> future.get(20, TimeUnit.SECONDS));
    assertThat(thrown).isInstanceOf(ExecutionException.class);
    assertThat(thrown.getCause()).isInstanceOf(JangadaException.class);
    return (JangadaException) thrown.getCause();
  }

  static void await(java.util.function.BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }
}
