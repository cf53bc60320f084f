// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.client.ConsumerRecord;
import io.jangada.client.ProducerRecord;
import io.jangada.client.RecordMetadata;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One topic of two partitions in memory: records without a partition go to 0. Appends are
 * thread-safe.
 */
public final class FakeLog {
  /** The only topic. */
  public static final String TOPIC = "logs";

  /** The time at which everything happens. */
  public static final long TIME_MS = 1_767_225_600_000L;

  private static final int PARTITIONS = 2;

  private final List<List<ConsumerRecord>> partitions =
      List.of(new ArrayList<>(), new ArrayList<>());
  private long refuseFrom = Long.MAX_VALUE;
  private long appended;

  /** From that record on, counted from 0, appends fail. */
  public FakeLog refuseFrom(long index) {
    refuseFrom = index;
    return this;
  }

  /** The records of a partition. */
  public List<ConsumerRecord> records(int partition) {
    return partitions.get(partition);
  }

  int partitionCount(String topic) {
    if (!topic.equals(TOPIC)) {
      throw new JangadaException(ErrorCode.UNKNOWN_TOPIC, "there is no topic " + topic);
    }
    return PARTITIONS;
  }

  /** Changes what a partition holds, as only a broken cluster would; appends wait meanwhile. */
  public synchronized void change(int partition, Consumer<List<ConsumerRecord>> how) {
    how.accept(partitions.get(partition));
  }

  synchronized RecordMetadata append(ProducerRecord record) {
    partitionCount(record.topic());
    if (appended++ >= refuseFrom) {
      throw new JangadaException(ErrorCode.REQUEST_TIMED_OUT, "no answer in 30 s");
    }
    int partition = Math.max(0, record.partition());
    List<ConsumerRecord> records = partitions.get(partition);
    TopicPartition where = new TopicPartition(TOPIC, partition);
    long timestampMs = record.timestampMs() < 0 ? TIME_MS : record.timestampMs();
    records.add(
        new ConsumerRecord(
            where,
            records.size(),
            0,
            timestampMs,
            buffer(record.key()),
            buffer(record.value()),
            record.headers()));
    return new RecordMetadata(where, records.size() - 1L, timestampMs);
  }

  private static @Nullable ByteBuffer buffer(byte @Nullable [] bytes) {
    return bytes == null ? null : ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }
}
