// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's own clients against one node. */
class KafkaClientsTest {
  private static final int RECORDS = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir static Path directory;
  private static RunningNode node;

  @BeforeAll
  static void start() throws Exception {
    node = RunningNode.start(directory, "kafka.auto-create-topics=true");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void whatAnIdempotentProducerSendsAConsumerReads(String compression) throws Exception {
    String topic = "compressed-" + compression;
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        producer(Map.of("compression.type", compression, "linger.ms", "1"))) {
      for (int i = 0; i < RECORDS; i++) {
        sent.add(producer.send(new ProducerRecord<>(topic, 0, bytes("k" + i), bytes("v" + i))));
      }
      for (int i = 0; i < RECORDS; i++) {
        assertThat(get(sent.get(i)).offset()).isEqualTo(i);
      }
    }
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(Map.of())) {
      List<ConsumerRecord<byte[], byte[]>> read = readAll(consumer, topic, RECORDS);
      for (int i = 0; i < RECORDS; i++) {
        assertThat(read.get(i).offset()).isEqualTo(i);
        assertThat(read.get(i).key()).isEqualTo(bytes("k" + i));
        assertThat(read.get(i).value()).isEqualTo(bytes("v" + i));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1"})
  void acknowledgementsOfTheLeaderAloneAndNone(String acks) throws Exception {
    String topic = "acks-" + acks;
    try (KafkaProducer<byte[], byte[]> producer =
        producer(Map.of("acks", acks, "enable.idempotence", "false"))) {
      for (int i = 0; i < 10; i++) {
        get(producer.send(new ProducerRecord<>(topic, 0, null, bytes("v" + i))));
      }
    }
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(Map.of())) {
      assertThat(readAll(consumer, topic, 10)).hasSize(10);
    }
  }

  @Test
  void offsetsOfEveryKind() throws Exception {
    String topic = "offsets";
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      for (long timestamp : List.of(1_000L, 3_000L, 2_000L)) {
        get(producer.send(new ProducerRecord<>(topic, 0, timestamp, null, bytes("v"))));
      }
    }
    try (Admin admin = Admin.create(node.clientConfig())) {
      assertThat(offset(admin, partition, OffsetSpec.earliest())).isZero();
      assertThat(offset(admin, partition, OffsetSpec.latest())).isEqualTo(3);
      assertThat(offset(admin, partition, OffsetSpec.maxTimestamp())).isEqualTo(1);
      assertThat(offset(admin, partition, OffsetSpec.forTimestamp(2_500))).isEqualTo(1);
      assertThat(offset(admin, partition, OffsetSpec.forTimestamp(500))).isZero();
      assertThat(offset(admin, partition, OffsetSpec.forTimestamp(5_000))).isEqualTo(-1);
      assertThat(offset(admin, partition, OffsetSpec.earliestLocal())).isZero();
      assertThat(offset(admin, partition, OffsetSpec.latestTiered())).isEqualTo(-1);
    }
  }

  @Test
  void aRecordThatIsTooLargeIsRefusedAndTheNextOneGoesThrough() throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("max.request.size", "4000000"))) {
      Future<RecordMetadata> large =
          producer.send(new ProducerRecord<>("large", 0, null, new byte[2_000_000]));
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> get(large))
          .withCauseInstanceOf(RecordTooLargeException.class);
      assertThat(get(producer.send(new ProducerRecord<>("large", 0, null, bytes("v")))).offset())
          .isZero();
    }
  }

  @Test
  void aParkedFetchWakesWhenThereIsSomething() throws Exception {
    String topic = "parked";
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of());
        KafkaConsumer<byte[], byte[]> consumer = consumer(Map.of("fetch.max.wait.ms", "5000"))) {
      get(producer.send(new ProducerRecord<>(topic, 0, null, bytes("first"))));
      assertThat(readAll(consumer, topic, 1)).hasSize(1);
      assertThat(consumer.poll(Duration.ofMillis(200))).isEmpty();
      long beganNs = System.nanoTime();
      get(producer.send(new ProducerRecord<>(topic, 0, null, bytes("second"))));
      assertThat(consumer.poll(PATIENCE)).hasSize(1);
      assertThat(Duration.ofNanos(System.nanoTime() - beganNs)).isLessThan(Duration.ofSeconds(3));
    }
  }

  @Test
  void aConsumerReadsManyPartitionsInOneSession() throws Exception {
    List<TopicPartition> partitions = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
      for (int i = 0; i < 20; i++) {
        partitions.add(new TopicPartition("many-" + i, 0));
        get(producer.send(new ProducerRecord<>("many-" + i, 0, null, bytes("v"))));
      }
    }
    try (KafkaConsumer<byte[], byte[]> consumer =
        consumer(Map.of("isolation.level", "read_committed"))) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      assertThat(poll(consumer, 20)).hasSize(20);
      assertThat(node.metrics()).containsPattern("jangada_kafka_fetch_sessions [1-9]");
    }
  }

  @Test
  void whereLeaderEpochsEnd() throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of());
        RawClient client = new RawClient(node.kafkaPort())) {
      for (int i = 0; i < 3; i++) {
        get(producer.send(new ProducerRecord<>("epochs", 0, null, bytes("v"))));
      }
      EpochEndOffset present = endOfEpoch(client, 0);
      assertThat(present.errorCode()).isZero();
      assertThat(present.leaderEpoch()).isZero();
      assertThat(present.endOffset()).isEqualTo(3);
      EpochEndOffset future = endOfEpoch(client, 5);
      assertThat(future.leaderEpoch()).isEqualTo(-1);
      assertThat(future.endOffset()).isEqualTo(-1);
    }
  }

  private static EpochEndOffset endOfEpoch(RawClient client, int epoch) throws Exception {
    OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData();
    request
        .topics()
        .add(
            new OffsetForLeaderEpochRequestData.OffsetForLeaderTopic()
                .setTopic("epochs")
                .setPartitions(
                    List.of(
                        new OffsetForLeaderEpochRequestData.OffsetForLeaderPartition()
                            .setLeaderEpoch(epoch))));
    OffsetForLeaderEpochResponseData answer =
        (OffsetForLeaderEpochResponseData)
            client.ask(ApiKeys.OFFSET_FOR_LEADER_EPOCH, (short) 4, 1, request);
    return answer.topics().find("epochs").partitions().getFirst();
  }

  @Test
  void theAdminClientLearnsOfTopics() throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of());
        Admin admin = Admin.create(node.clientConfig())) {
      get(producer.send(new ProducerRecord<>("named", 0, null, bytes("v"))));
      assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS)).contains("named");
    }
  }

  private static long offset(Admin admin, TopicPartition partition, OffsetSpec spec)
      throws Exception {
    return admin
        .listOffsets(Map.of(partition, spec))
        .partitionResult(partition)
        .get(30, TimeUnit.SECONDS)
        .offset();
  }

  private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    Map<String, Object> config = new HashMap<>(node.clientConfig());
    config.putAll(more);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> more) {
    Map<String, Object> config = new HashMap<>(node.clientConfig());
    config.put("enable.auto.commit", "false");
    config.putAll(more);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static List<ConsumerRecord<byte[], byte[]>> readAll(
      KafkaConsumer<byte[], byte[]> consumer, String topic, int count) {
    List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return poll(consumer, count);
  }

  private static List<ConsumerRecord<byte[], byte[]>> poll(
      KafkaConsumer<byte[], byte[]> consumer, int count) {
    List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    while (read.size() < count && System.nanoTime() < deadlineNs) {
      consumer.poll(Duration.ofMillis(500)).forEach(read::add);
    }
    return read;
  }

  private static RecordMetadata get(Future<RecordMetadata> sent) throws Exception {
    return sent.get(30, TimeUnit.SECONDS);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
