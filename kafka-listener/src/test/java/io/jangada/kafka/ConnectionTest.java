// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one connection may do to the listener, and what it does to others. */
class ConnectionTest {
  private static final int MAX_REQUEST_BYTES = 1 << 20;

  @TempDir static Path directory;
  private static RunningNode node;

  @BeforeAll
  static void start() throws Exception {
    node =
        RunningNode.start(
            directory,
            "log.max-batch-size=1MiB",
            "kafka.max-request-size=1MiB",
            "kafka.requests-in-flight=2MiB");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void anUnknownVersionOfApiVersionsIsAnsweredInTheOldestOne() throws Exception {
    try (RawClient client = new RawClient(node.kafkaPort())) {
      byte[] frame =
          RawClient.frame(ApiKeys.API_VERSIONS, (short) 3, 7, new ApiVersionsRequestData());
      ByteBuffer.wrap(frame).putShort(6, (short) 99);
      client.write(frame);
      ApiVersionsResponseData answer =
          (ApiVersionsResponseData)
              RawClient.response(ApiKeys.API_VERSIONS, (short) 0, client.read().orElseThrow());
      assertThat(answer.errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
      assertThat(answer.apiKeys())
          .singleElement()
          .satisfies(
              only -> {
                assertThat(only.apiKey()).isEqualTo(ApiKeys.API_VERSIONS.id);
                assertThat(only.maxVersion()).isEqualTo(ApiKeys.API_VERSIONS.latestVersion(false));
              });
    }
  }

  @Test
  void whatIsAnnouncedIsWhatKafkaAnnounces() throws Exception {
    try (RawClient client = new RawClient(node.kafkaPort())) {
      ApiVersionsResponseData answer =
          (ApiVersionsResponseData)
              client.ask(ApiKeys.API_VERSIONS, (short) 0, 1, new ApiVersionsRequestData());
      for (ApiKeys key :
          List.of(
              ApiKeys.FETCH,
              ApiKeys.LIST_OFFSETS,
              ApiKeys.METADATA,
              ApiKeys.API_VERSIONS,
              ApiKeys.INIT_PRODUCER_ID,
              ApiKeys.OFFSET_FOR_LEADER_EPOCH)) {
        assertThat(answer.apiKeys().find(key.id).minVersion()).isEqualTo(key.oldestVersion());
        assertThat(answer.apiKeys().find(key.id).maxVersion()).isEqualTo(key.latestVersion(false));
      }
      assertThat(answer.apiKeys().find(ApiKeys.PRODUCE.id).minVersion()).isZero();
      assertThat(answer.apiKeys().find(ApiKeys.PRODUCE.id).maxVersion())
          .isEqualTo(ApiKeys.PRODUCE.latestVersion(false));
    }
  }

  @Test
  void answersComeInTheOrderOfTheQuestions() throws Exception {
    try (RawClient client = new RawClient(node.kafkaPort())) {
      for (int i = 0; i < 100; i++) {
        client.write(
            i % 3 == 0
                ? RawClient.frame(
                    ApiKeys.INIT_PRODUCER_ID,
                    (short) 4,
                    i,
                    new InitProducerIdRequestData().setTransactionalId(null))
                : i % 3 == 1
                    ? RawClient.frame(
                        ApiKeys.PRODUCE, (short) 9, i, new ProduceRequestData().setAcks((short) -1))
                    : RawClient.frame(ApiKeys.METADATA, (short) 9, i, new MetadataRequestData()));
      }
      for (int i = 0; i < 100; i++) {
        assertThat(client.read().orElseThrow().getInt()).isEqualTo(i);
      }
    }
  }

  @Test
  void whatCannotBeUnderstoodClosesTheConnection() throws Exception {
    byte[] unknownKey = RawClient.frame(ApiKeys.METADATA, (short) 9, 1, new MetadataRequestData());
    ByteBuffer.wrap(unknownKey).putShort(4, (short) 999);
    byte[] oldProduce =
        RawClient.frame(ApiKeys.PRODUCE, (short) 3, 1, new ProduceRequestData().setAcks((short) 1));
    ByteBuffer.wrap(oldProduce).putShort(6, (short) 2);
    byte[] tooLong = ByteBuffer.allocate(8).putInt(MAX_REQUEST_BYTES + 1).array();
    byte[] negative = ByteBuffer.allocate(8).putInt(-5).array();
    byte[] empty = new byte[4];
    for (byte[] bad : List.of(unknownKey, oldProduce, tooLong, negative, empty)) {
      try (RawClient client = new RawClient(node.kafkaPort())) {
        client.write(bad);
        assertThat(client.read()).as(Arrays.toString(bad)).isEmpty();
      }
    }
  }

  @Test
  void halfRequestsOfManyDoNotKeepAnotherFromItsAnswer() throws Exception {
    List<RawClient> stuck = new ArrayList<>();
    try {
      for (int i = 0; i < 50; i++) {
        RawClient client = new RawClient(node.kafkaPort());
        stuck.add(client);
        client.write(ByteBuffer.allocate(5_000).putInt(MAX_REQUEST_BYTES).array());
      }
      try (RawClient client = new RawClient(node.kafkaPort())) {
        long beganNs = System.nanoTime();
        assertThat(client.ask(ApiKeys.METADATA, (short) 12, 1, new MetadataRequestData()))
            .isInstanceOf(MetadataResponseData.class);
        assertThat(System.nanoTime() - beganNs).isLessThan(TimeUnit.SECONDS.toNanos(5));
      }
    } finally {
      for (RawClient client : stuck) {
        client.close();
      }
    }
    awaitMetric("jangada_kafka_requests_in_flight_bytes 0.0");
    awaitMetric("jangada_kafka_connections_waiting 0.0");
  }

  @Test
  void aTransactionalProducerIsToldThatNobodyCoordinatesHere() throws Exception {
    try (RawClient client = new RawClient(node.kafkaPort())) {
      InitProducerIdResponseData answer =
          (InitProducerIdResponseData)
              client.ask(
                  ApiKeys.INIT_PRODUCER_ID,
                  (short) 4,
                  1,
                  new InitProducerIdRequestData().setTransactionalId("t"));
      assertThat(answer.errorCode()).isEqualTo(Errors.NOT_COORDINATOR.code());
      assertThat(answer.producerId()).isEqualTo(-1);
    }
  }

  @Test
  void fetchSessionsAreWhatTheirClientSays() throws Exception {
    try (RawClient client = new RawClient(node.kafkaPort())) {
      assertThat(fetch(client, 4711, 1).errorCode())
          .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
      FetchResponseData first = fetch(client, 0, 0);
      assertThat(first.errorCode()).isZero();
      assertThat(first.sessionId()).isPositive();
      assertThat(first.responses())
          .singleElement()
          .satisfies(
              topic ->
                  assertThat(topic.partitions().getFirst().errorCode())
                      .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code()));
      assertThat(fetch(client, first.sessionId(), 5).errorCode())
          .isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH.code());
      assertThat(fetch(client, first.sessionId(), 1).sessionId()).isEqualTo(first.sessionId());
      assertThat(fetch(client, first.sessionId(), -1).sessionId()).isZero();
      assertThat(fetch(client, first.sessionId(), 2).errorCode())
          .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
    }
  }

  private static FetchResponseData fetch(RawClient client, int sessionId, int epoch)
      throws IOException {
    FetchRequestData request =
        new FetchRequestData()
            .setSessionId(sessionId)
            .setSessionEpoch(epoch)
            .setMinBytes(0)
            .setMaxBytes(1_000);
    if (epoch <= 0) {
      request
          .topics()
          .add(
              new FetchRequestData.FetchTopic()
                  .setTopic("nowhere")
                  .setPartitions(
                      List.of(new FetchRequestData.FetchPartition().setPartitionMaxBytes(100))));
    }
    return (FetchResponseData) client.ask(ApiKeys.FETCH, (short) 11, 1, request);
  }

  private static void awaitMetric(String line) throws Exception {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    String metrics = node.metrics();
    while (!metrics.contains(line)) {
      assertThat(System.nanoTime()).as(line + " in\n" + metrics).isLessThan(deadlineNs);
      TimeUnit.MILLISECONDS.sleep(20);
      metrics = node.metrics();
    }
  }
}
