// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;

/**
 * Reads what one broker leads of a topic and throws it away, with the sizes that a Kafka consumer
 * asks for. For one thread.
 */
final class KafkaFetchLoop implements AutoCloseable {
  static final short VERSION = 12;
  private static final int MAX_WAIT_MS = 500;
  private static final int MAX_BYTES = 50 << 20;
  private static final int MAX_PARTITION_BYTES = 1 << 20;

  private final KafkaConnection connection;
  private final String topic;
  private final Map<Integer, Long> ends = new HashMap<>();

  KafkaFetchLoop(String broker, String topic, List<Integer> partitions) throws IOException {
    this.connection = KafkaConnection.open(broker);
    this.topic = topic;
    partitions.forEach(partition -> ends.put(partition, Long.MAX_VALUE));
  }

  /** A request without a session. */
  static FetchRequestData request(String topic, Map<Integer, Long> offsets, int maxWaitMs) {
    List<FetchPartition> partitions = new ArrayList<>();
    offsets.forEach(
        (partition, offset) ->
            partitions.add(
                new FetchPartition()
                    .setPartition(partition)
                    .setFetchOffset(offset)
                    .setPartitionMaxBytes(MAX_PARTITION_BYTES)));
    return new FetchRequestData()
        .setMaxWaitMs(maxWaitMs)
        .setMinBytes(1)
        .setMaxBytes(MAX_BYTES)
        .setSessionEpoch(-1)
        .setTopics(List.of(new FetchTopic().setTopic(topic).setPartitions(partitions)));
  }

  /** Reads every partition from its beginning to its end; returns the bytes of the batches. */
  long readAll() throws IOException {
    return read(0, 0);
  }

  /** Reads the last records of every partition again and again, until it was so much. */
  long readTail(int records, long wantedBytes) throws IOException {
    return read(records, wantedBytes);
  }

  private long read(int fromEnd, long wantedBytes) throws IOException {
    Map<Integer, Long> next = begin(fromEnd);
    long bytes = 0;
    while (true) {
      FetchResponseData response =
          new FetchResponseData(
              connection.ask(ApiKeys.FETCH, VERSION, request(topic, next, MAX_WAIT_MS)), VERSION);
      for (FetchableTopicResponse each : response.responses()) {
        for (PartitionData data : each.partitions()) {
          bytes += take(data, next);
        }
      }
      if (next.isEmpty()) {
        if (bytes >= wantedBytes) {
          return bytes;
        }
        next = begin(fromEnd);
      }
    }
  }

  private Map<Integer, Long> begin(int fromEnd) {
    Map<Integer, Long> offsets = new HashMap<>();
    ends.forEach(
        (partition, end) -> offsets.put(partition, fromEnd == 0 ? 0 : Math.max(0, end - fromEnd)));
    return offsets;
  }

  private long take(PartitionData data, Map<Integer, Long> next) throws IOException {
    if (data.errorCode() != Errors.NONE.code()) {
      throw new IOException("expected records, but got " + Errors.forCode(data.errorCode()));
    }
    MemoryRecords records = (MemoryRecords) data.records();
    long offset = next.get(data.partitionIndex());
    for (MutableRecordBatch batch : records.batches()) {
      offset = batch.nextOffset();
    }
    if (offset >= data.highWatermark()) {
      ends.put(data.partitionIndex(), data.highWatermark());
      next.remove(data.partitionIndex());
    } else {
      next.put(data.partitionIndex(), offset);
    }
    return records.sizeInBytes();
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
