// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a produce request makes the whole process allocate does not depend on how many records are
 * in it, only on their bytes.
 */
class ProduceAllocationTest {
  private static final short VERSION = 9;
  private static final String TOPIC = "allocation";
  private static final int BATCH_BYTES = 50_000;
  private static final int RECORD_OVERHEAD_BYTES = 8;
  private static final int WARM_UP = 200;
  private static final int REQUESTS = 200;

  /** For each request: what else goes on in the process, and other lengths of numbers. */
  private static final double SLACK_BYTES = 6_000;

  @TempDir Path directory;

  @Test
  void aRequestCostsTheSameHoweverManyRecordsItHas() throws Exception {
    try (RunningNode node = RunningNode.start(directory, "kafka.auto-create-topics=true");
        RawClient client = new RawClient(node.kafkaPort())) {
      awaitTopic(client);
      produce(client, frame(100), WARM_UP);
      double one = beyondItsOwnBytes(client, 1);
      double hundred = beyondItsOwnBytes(client, 100);
      double thousand = beyondItsOwnBytes(client, 1_000);
      System.out.printf(
          "allocated for a produce request beyond its own bytes: %.0f, %.0f, %.0f B with 1, 100,"
              + " 1,000 records in %d B%n",
          one, hundred, thousand, BATCH_BYTES);
      assertThat(hundred).isLessThan(one + SLACK_BYTES);
      assertThat(thousand).isLessThan(one + SLACK_BYTES);
    }
  }

  private static double beyondItsOwnBytes(RawClient client, int records) throws Exception {
    byte[] frame = frame(records);
    long before = allocatedBytes();
    produce(client, frame, REQUESTS);
    return (double) (allocatedBytes() - before) / REQUESTS - frame.length;
  }

  private static long allocatedBytes() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getTotalThreadAllocatedBytes();
  }

  private static void produce(RawClient client, byte[] frame, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      client.write(frame);
      ByteBuffer response = client.read().orElseThrow();
      assertThat(
              ((ProduceResponseData) RawClient.response(ApiKeys.PRODUCE, VERSION, response))
                  .responses()
                  .iterator()
                  .next()
                  .partitionResponses()
                  .getFirst()
                  .errorCode())
          .isZero();
    }
  }

  private static byte[] frame(int count) {
    SimpleRecord[] records = new SimpleRecord[count];
    byte[] value = new byte[BATCH_BYTES / count - RECORD_OVERHEAD_BYTES];
    Arrays.fill(records, new SimpleRecord(value));
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
                            .setRecords(MemoryRecords.withRecords(Compression.NONE, records)))));
    return RawClient.frame(ApiKeys.PRODUCE, VERSION, 1, request);
  }

  private static void awaitTopic(RawClient client) throws Exception {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    MetadataRequestData request =
        new MetadataRequestData()
            .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName(TOPIC)));
    while (true) {
      var topic =
          ((MetadataResponseData) client.ask(ApiKeys.METADATA, (short) 9, 1, request))
              .topics()
              .find(TOPIC);
      if (topic.errorCode() == 0 && topic.partitions().getFirst().leaderId() > 0) {
        return;
      }
      assertThat(System.nanoTime()).isLessThan(deadlineNs);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }
}
