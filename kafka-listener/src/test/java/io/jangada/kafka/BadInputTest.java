// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are well formed and mean harm: what they make the broker hold is bounded. */
class BadInputTest {
  private static final int MEGABYTE = 1 << 20;
  private static final short FETCH_VERSION = 11;
  private static final short PRODUCE_VERSION = 9;
  private static final short LIST_VERSION = 5;
  private static final String TOPIC = "harmed";
  private static final long NOW_MS = System.currentTimeMillis();

  @TempDir static Path directory;
  private static RunningNode node;

  @BeforeAll
  static void start() throws Exception {
    node =
        RunningNode.start(
            directory,
            "log.max-batch-size=4MiB",
            "kafka.max-request-size=4MiB",
            "kafka.requests-in-flight=8MiB",
            "kafka.responses-in-flight=2MiB");
    try (RawClient client = new RawClient(node.kafkaPort())) {
      createTopic(client);
      awaitLeaders(client);
      for (int i = 0; i < 4; i++) {
        assertThat(produce(client, 0, records(Compression.NONE, 900_000, 1))).isZero();
      }
    }
  }

  /** A broker that was just started may not be in service yet. */
  private static void createTopic(RawClient client) throws Exception {
    CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(30_000);
    request
        .topics()
        .add(
            new CreateTopicsRequestData.CreatableTopic()
                .setName(TOPIC)
                .setNumPartitions(3)
                .setReplicationFactor((short) 1));
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      CreateTopicsResponseData answer =
          (CreateTopicsResponseData) client.ask(ApiKeys.CREATE_TOPICS, (short) 5, 1, request);
      var created = answer.topics().find(TOPIC);
      if (created.errorCode() == Errors.NONE.code()) {
        return;
      }
      assertThat(System.nanoTime()).as(created.toString()).isLessThan(deadlineNs);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void whatIsSentBehindAFetchThatWaitsStaysInTheSocket() throws Exception {
    try (RawClient client = new RawClient(node.kafkaPort());
        ExecutorService writer = Executors.newSingleThreadExecutor()) {
      client.write(frame(fetch(2, 0, 500), 1));
      byte[] behind =
          RawClient.frame(
              ApiKeys.PRODUCE,
              PRODUCE_VERSION,
              2,
              produceRequest(1, records(Compression.NONE, 3_000_000, 1)));
      Future<?> written =
          writer.submit(
              () -> {
                client.write(behind);
                return null;
              });
      double most = 0;
      try (RawClient other = new RawClient(node.kafkaPort())) {
        long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
        while (System.nanoTime() < untilNs) {
          other.ask(ApiKeys.METADATA, (short) 12, 1, new MetadataRequestData());
          most = Math.max(most, metric("jangada_kafka_requests_in_flight_bytes"));
        }
      }
      assertThat(most).as("bytes of requests in flight").isLessThan(300_000);
      assertThat(client.read().orElseThrow().getInt()).isEqualTo(1);
      assertThat(client.read().orElseThrow().getInt()).isEqualTo(2);
      written.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void clientsThatNeverReadAreCutOffWhenOthersWaitForTheMemory() throws Exception {
    List<RawClient> sleeping = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        RawClient client = new RawClient(node.kafkaPort(), 64 * 1024);
        sleeping.add(client);
        for (int request = 0; request < 5; request++) {
          client.write(frame(fetch(0, 0, 0), request));
        }
      }
      try (RawClient client = new RawClient(node.kafkaPort())) {
        for (int i = 0; i < 2; i++) {
          long beganNs = System.nanoTime();
          FetchResponseData answer =
              (FetchResponseData) client.ask(ApiKeys.FETCH, FETCH_VERSION, 1, fetch(0, 0, 0));
          FetchResponseData.PartitionData read =
              answer.responses().getFirst().partitions().getFirst();
          assertThat(read.errorCode()).as(read::toString).isZero();
          assertThat(read.records().sizeInBytes()).isGreaterThan(800_000);
          assertThat(System.nanoTime() - beganNs).isLessThan(TimeUnit.SECONDS.toNanos(15));
          assertThat(metric("jangada_kafka_responses_in_flight_bytes"))
              .isLessThanOrEqualTo(3.0 * MEGABYTE);
        }
      }
      assertThat(node.metrics()).contains("reason=\"not_reading\"");
    } finally {
      for (RawClient client : sleeping) {
        client.close();
      }
    }
    awaitMetric("jangada_kafka_responses_in_flight_bytes 0.0");
    awaitMetric("jangada_kafka_fetches_waiting 0.0");
  }

  /** Each element becomes an object many times as large as the bytes that it is read from. */
  @Test
  void aRequestOfNothingButElementsIsRefusedBeforeItIsLarge() throws Exception {
    // Metadata, version 9: no tags in the header, topics of one empty name and no tags each.
    int elements = MEGABYTE;
    ByteBuffer frame = ByteBuffer.allocate(64 + 2 * elements);
    frame.putInt(0).putShort(ApiKeys.METADATA.id).putShort((short) 9).putInt(1);
    frame.putShort((short) 0).put((byte) 0);
    putVarint(frame, elements + 1);
    for (int i = 0; i < elements; i++) {
      frame.put((byte) 1).put((byte) 0);
    }
    frame.put(new byte[3]).putInt(0, frame.position() - Integer.BYTES);
    long before = allocatedBytes();
    try (RawClient client = new RawClient(node.kafkaPort())) {
      client.write(java.util.Arrays.copyOf(frame.array(), frame.position()));
      assertThat(client.read()).isEmpty();
    }
    assertThat(allocatedBytes() - before).isLessThan(64L * MEGABYTE);
  }

  @ParameterizedTest
  @ValueSource(bytes = {1, 2, 3, 4})
  void aBatchThatBecomesHugeHarmsNobody(byte codec) throws Exception {
    Compression compression =
        Compression.of(org.apache.kafka.common.record.internal.CompressionType.forId(codec))
            .build();
    try (RawClient client = new RawClient(node.kafkaPort());
        ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(produce(client, 1, records(compression, MEGABYTE, 40)))
          .isIn((short) 0, (short) 10);
      List<Future<Short>> asked = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        asked.add(
            others.submit(
                () -> {
                  try (RawClient other = new RawClient(node.kafkaPort())) {
                    return offsetOf(other, 1, NOW_MS + 500);
                  }
                }));
      }
      for (Future<Short> each : asked) {
        assertThat(each.get(20, TimeUnit.SECONDS)).isNotEqualTo(Errors.UNKNOWN_SERVER_ERROR.code());
      }
      assertThat(client.ask(ApiKeys.METADATA, (short) 12, 1, new MetadataRequestData()))
          .isInstanceOf(MetadataResponseData.class);
    }
  }

  private static void putVarint(ByteBuffer to, int value) {
    int left = value;
    while (left >= 0x80) {
      to.put((byte) ((left & 0x7F) | 0x80));
      left >>>= 7;
    }
    to.put((byte) left);
  }

  private static long allocatedBytes() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getTotalThreadAllocatedBytes();
  }

  private static MemoryRecords records(Compression compression, int bytes, int count) {
    SimpleRecord[] records = new SimpleRecord[count];
    byte[] value = new byte[bytes];
    for (int i = 0; i < count; i++) {
      // Only the last one is as new as is looked for.
      records[i] = new SimpleRecord(NOW_MS + (i == count - 1 ? 1_000 : 0), null, value);
    }
    return MemoryRecords.withRecords(compression, records);
  }

  private static short produce(RawClient client, int partition, MemoryRecords records)
      throws IOException {
    ProduceResponseData answer =
        (ProduceResponseData)
            client.ask(ApiKeys.PRODUCE, PRODUCE_VERSION, 1, produceRequest(partition, records));
    return answer.responses().iterator().next().partitionResponses().getFirst().errorCode();
  }

  private static ProduceRequestData produceRequest(int partition, MemoryRecords records) {
    ProduceRequestData request =
        new ProduceRequestData().setAcks((short) -1).setTimeoutMs(10_000).setTransactionalId(null);
    request
        .topicData()
        .add(
            new ProduceRequestData.TopicProduceData()
                .setName(TOPIC)
                .setPartitionData(
                    List.of(
                        new ProduceRequestData.PartitionProduceData()
                            .setIndex(partition)
                            .setRecords(records))));
    return request;
  }

  private static byte[] frame(FetchRequestData request, int correlationId) {
    return RawClient.frame(ApiKeys.FETCH, FETCH_VERSION, correlationId, request);
  }

  private static FetchRequestData fetch(int partition, long offset, int maxWaitMs) {
    return new FetchRequestData()
        .setSessionEpoch(-1)
        .setMaxWaitMs(maxWaitMs)
        .setMinBytes(1)
        .setMaxBytes(MEGABYTE)
        .setTopics(
            List.of(
                new FetchRequestData.FetchTopic()
                    .setTopic(TOPIC)
                    .setPartitions(
                        List.of(
                            new FetchRequestData.FetchPartition()
                                .setPartition(partition)
                                .setFetchOffset(offset)
                                .setPartitionMaxBytes(MEGABYTE)))));
  }

  private static short offsetOf(RawClient client, int partition, long timestampMs)
      throws IOException {
    ListOffsetsRequestData request =
        new ListOffsetsRequestData()
            .setReplicaId(-1)
            .setTopics(
                List.of(
                    new ListOffsetsRequestData.ListOffsetsTopic()
                        .setName(TOPIC)
                        .setPartitions(
                            List.of(
                                new ListOffsetsRequestData.ListOffsetsPartition()
                                    .setPartitionIndex(partition)
                                    .setTimestamp(timestampMs)))));
    ListOffsetsResponseData answer =
        (ListOffsetsResponseData) client.ask(ApiKeys.LIST_OFFSETS, LIST_VERSION, 1, request);
    return answer.topics().getFirst().partitions().getFirst().errorCode();
  }

  private static void awaitLeaders(RawClient client) throws Exception {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    for (int partition = 0; partition < 3; partition++) {
      while (offsetOf(client, partition, -1) != 0) {
        assertThat(System.nanoTime()).isLessThan(deadlineNs);
        TimeUnit.MILLISECONDS.sleep(10);
      }
    }
  }

  private static double metric(String name) throws IOException, InterruptedException {
    Matcher line = Pattern.compile("(?m)^" + name + " (\\S+)$").matcher(node.metrics());
    assertThat(line.find()).as(name).isTrue();
    return Double.parseDouble(line.group(1));
  }

  private static void awaitMetric(String line) throws Exception {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!node.metrics().contains(line)) {
      assertThat(System.nanoTime()).as(line).isLessThan(deadlineNs);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
