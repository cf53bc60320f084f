// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import static io.jangada.client.ProducerTest.await;
import static io.jangada.client.ProducerTest.bytes;
import static io.jangada.client.ProducerTest.failure;
import static io.jangada.client.ProducerTest.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.client.fake.Behaviour;
import io.jangada.client.fake.FakeCluster;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** All brokers but one are out of reach, or a nearer one is to be read. */
@Timeout(30)
class OneAddressTest {
  private static final TopicPartition T0 = new TopicPartition("t", 0);
  private static final TopicPartition T1 = new TopicPartition("t", 1);

  private final FakeCluster cluster = new FakeCluster(3);

  @BeforeEach
  void create() {
    cluster.createTopic("t", 1, 2, 3);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void everythingWorksThroughTheOneBrokerThatIsReached() throws Exception {
    cluster.hide(2, 3);
    try (JangadaClient client = JangadaClient.connect(cluster.configOfOnly(1));
        Producer producer = client.producer(ProducerConfig.defaults());
        Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        sent.add(producer.send(ProducerRecord.of("t", i % 3, null, bytes("v" + i))));
      }
      for (int i = 0; i < sent.size(); i++) {
        assertThat(get(sent.get(i)).offset()).isEqualTo(i / 3);
      }
      assertThat(meter(client, "jangada.producer.batches.forwarded")).isPositive();
      assertThat(consumer.endOffsets(List.of(T0, T1))).isEqualTo(Map.of(T0, 100L, T1, 100L));
      consumer.assign(List.of(T0, T1, new TopicPartition("t", 2)));
      int read = 0;
      for (Iterator<ConsumerRecord> i = consumer.untilEnd(); i.hasNext(); i.next()) {
        read++;
      }
      assertThat(read).isEqualTo(300);
      assertThat(meter(client, "jangada.consumer.reads.forwarded")).isEqualTo(2);
    }
  }

  @Test
  void leadersAreReachedDirectlyAsSoonAsTheyCanBe() throws Exception {
    cluster.hide(2);
    try (JangadaClient client = JangadaClient.connect(cluster.configOfOnly(1));
        Producer producer = client.producer(ProducerConfig.defaults());
        Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      get(producer.send(ProducerRecord.of("t", 1, null, bytes("a"))));
      consumer.assign(List.of(T1));
      consumer.poll(Duration.ofSeconds(10));
      cluster.show();
      await(
          () -> {
            producer.send(ProducerRecord.of("t", 1, null, bytes("b"))).join();
            double before = meter(client, "jangada.producer.batches.forwarded");
            producer.send(ProducerRecord.of("t", 1, null, bytes("c"))).join();
            return meter(client, "jangada.producer.batches.forwarded") == before;
          });
      int fromLeader = cluster.responsesFrom(2, T1);
      await(
          () -> {
            producer.send(ProducerRecord.of("t", 1, null, bytes("d"))).join();
            consumer.poll(Duration.ofMillis(100));
            return cluster.responsesFrom(2, T1) > fromLeader;
          });
    }
    List<String> values = cluster.values(T1);
    assertThat(values.get(0)).isEqualTo("a");
    assertThat(values.stream().filter("a"::equals)).hasSize(1);
  }

  @Test
  void aLeaderThatMovesBehindTheAddressLosesAndRepeatsNothing() throws Exception {
    cluster.hide(2, 3);
    try (JangadaClient client = JangadaClient.connect(cluster.configOfOnly(1));
        Producer producer =
            client.producer(ProducerConfig.defaults().withBatching(256, Duration.ZERO))) {
      List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < 1500; i++) {
        sent.add(producer.send(ProducerRecord.of("t", 1, null, bytes("v" + i))));
        if (i == 500) {
          get(sent.get(200));
          cluster.broker(2).kill();
          cluster.elect(T1, 3);
        }
        if (i == 1000) {
          get(sent.get(700));
          cluster.elect(T1, 1);
        }
      }
      for (CompletableFuture<RecordMetadata> each : sent) {
        get(each);
      }
    }
    List<String> values = cluster.values(T1);
    assertThat(values).hasSize(1500);
    for (int i = 0; i < 1500; i++) {
      assertThat(values.get(i)).isEqualTo("v" + i);
    }
  }

  @Test
  void deliveryThatRunsOutOfTimeIsDefiniteOnlyIfEveryAttemptWas() throws Exception {
    cluster.hide(2);
    ProducerConfig impatient =
        ProducerConfig.defaults()
            .withLimits(Duration.ofSeconds(5), Duration.ofMillis(200), Duration.ofMillis(900));
    try (JangadaClient client = JangadaClient.connect(cluster.configOfOnly(1));
        Producer producer = client.producer(impatient)) {
      get(producer.send(ProducerRecord.of("t", 1, null, bytes("a"))));
      cluster.script(T1, Behaviour.refuse(ErrorCode.OVERLOADED), Behaviour.silence(true));
      JangadaException doubtful =
          failure(producer.send(ProducerRecord.of("t", 1, null, bytes("b"))));
      assertThat(doubtful.code()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
      assertThat(doubtful.definite()).isFalse();
      assertThat(doubtful.retriable()).isTrue();
    }
    assertThat(cluster.values(T1)).containsExactly("a", "b");
    cluster.elect(T1, -1);
    try (JangadaClient client = JangadaClient.connect(cluster.configOfOnly(1));
        Producer producer = client.producer(impatient)) {
      JangadaException never = failure(producer.send(ProducerRecord.of("t", 1, null, bytes("c"))));
      assertThat(never.code()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
      assertThat(never.definite()).isTrue();
    }
  }

  @Test
  void aReplicaInTheOwnRackIsReadWhileItIsInSync() {
    cluster.rack(1, "far");
    cluster.rack(2, "near");
    cluster.addFollower(T0, 2);
    cluster.append(T0, 1, 10);
    try (JangadaClient client = JangadaClient.connect(cluster.config());
        Consumer consumer = client.consumer(ConsumerConfig.defaults().withRack("near"))) {
      consumer.assign(List.of(T0));
      List<ConsumerRecord> records = new ArrayList<>();
      consumer.untilEnd().forEachRemaining(records::add);
      assertThat(records).hasSize(10);
      assertThat(cluster.responsesFrom(1, T0)).isZero();
      assertThat(cluster.responsesFrom(2, T0)).isPositive();
      assertThat(meter(client, "jangada.consumer.reads.followers")).isEqualTo(1);

      cluster.removeFollower(T0, 2);
      cluster.append(T0, 1, 10);
      consumer.untilEnd().forEachRemaining(records::add);
      assertThat(records).hasSize(20);
      assertThat(cluster.responsesFrom(1, T0)).isPositive();
      assertThat(records.get(19).offset()).isEqualTo(19);
    }
  }

  @Test
  void aLeaderInTheOwnRackIsReadItself() {
    cluster.rack(1, "near");
    cluster.rack(2, "near");
    cluster.addFollower(T0, 2);
    cluster.append(T0, 1, 10);
    try (JangadaClient client = JangadaClient.connect(cluster.config());
        Consumer consumer = client.consumer(ConsumerConfig.defaults().withRack("near"))) {
      consumer.assign(List.of(T0));
      consumer.untilEnd().forEachRemaining(record -> assertThat(record).isNotNull());
      assertThat(cluster.responsesFrom(2, T0)).isZero();
    }
  }

  private static double meter(JangadaClient client, String name) {
    return client.meters().stream()
        .filter(meter -> meter.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }
}
