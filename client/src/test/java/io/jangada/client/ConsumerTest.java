// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import static io.jangada.client.ProducerTest.await;
import static io.jangada.client.ProducerTest.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jangada.client.fake.FakeCluster;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.record.RecordHeader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ConsumerTest {
  private static final TopicPartition T0 = new TopicPartition("t", 0);
  private static final TopicPartition T1 = new TopicPartition("t", 1);
  private static final Duration SOON = Duration.ofMillis(100);

  private final FakeCluster cluster = new FakeCluster(3);
  private final JangadaClient client = JangadaClient.connect(cluster.config());
  private int written;

  @BeforeEach
  void create() {
    cluster.createTopic("t", 1, 2);
  }

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  @Test
  void everythingIsReadInOrderFromTheBeginning() {
    write(T0, 500);
    write(T1, 500);
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults().withMaxPollRecords(37))) {
      consumer.assign(List.of(T0, T1));
      List<ConsumerRecord> records = read(consumer, 1000);
      assertInOrder(records, T0, 0, 500);
      assertInOrder(records, T1, 0, 500);
      assertThat(consumer.position(T0)).isEqualTo(500);
      assertThat(consumer.poll(Duration.ZERO)).isEmpty();
      write(T0, 1);
      assertInOrder(read(consumer, 1), T0, 500, 1);
    }
  }

  @Test
  void keysValuesAndHeadersComeBack() throws Exception {
    try (Producer producer = client.producer(ProducerConfig.defaults());
        Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      ProducerTest.get(
          producer.send(
              new ProducerRecord(
                  "t", 0, 1234, bytes("k"), null, List.of(RecordHeader.ofUtf8("h", "x")))));
      consumer.assign(List.of(T0));
      ConsumerRecord record = read(consumer, 1).get(0);
      assertThat(record.keyUtf8()).isEqualTo("k");
      assertThat(record.value()).isNull();
      assertThat(record.valueBytes()).isNull();
      assertThat(record.timestampMs()).isEqualTo(1234);
      assertThat(record.headers()).containsExactly(RecordHeader.ofUtf8("h", "x"));
      assertThat(record.keyBytes()).isEqualTo(bytes("k"));
    }
  }

  @Test
  void seekingDropsWhatWasBuffered() {
    write(T0, 100);
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults().withMaxPollRecords(10))) {
      consumer.assign(List.of(T0));
      read(consumer, 10);
      consumer.seek(T0, 55); // inside a batch
      assertInOrder(read(consumer, 20), T0, 55, 20);
      consumer.seekToEnd(List.of(T0));
      assertThat(consumer.position(T0)).isEqualTo(100);
      consumer.seekToBeginning(List.of(T0));
      assertInOrder(read(consumer, 10), T0, 0, 10);
    }
  }

  @Test
  void leadersMoveDieAndReturnWithoutGapOrRepetition() throws Exception {
    try (Consumer consumer =
        client.consumer(ConsumerConfig.defaults().withMaxPollRecords(7).withBufferBytes(2000))) {
      consumer.assign(List.of(T0, T1));
      List<ConsumerRecord> records = new ArrayList<>();
      write(T0, 200);
      readUntil(consumer, records, 50);
      cluster.elect(T0, 3);
      write(T0, 100);
      readUntil(consumer, records, 200);
      cluster.electSecretly(T0, 2);
      write(T0, 100);
      readUntil(consumer, records, 300);
      cluster.broker(2).kill();
      cluster.elect(T0, 1);
      cluster.elect(T1, 1);
      write(T0, 100);
      readUntil(consumer, records, 500);
      cluster.broker(2).start();
      cluster.elect(T0, 2);
      write(T0, 50);
      readUntil(consumer, records, 550);
      assertInOrder(records, T0, 0, 550);
      assertThat(consumer.poll(SOON)).isEmpty();
    }
  }

  @Test
  void aFrozenLeaderIsLeftWhenAnotherIsKnown() {
    write(T0, 10);
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      consumer.assign(List.of(T0));
      read(consumer, 10);
      cluster.broker(1).freeze();
      cluster.elect(T0, 2);
      write(T0, 10);
      assertInOrder(read(consumer, 10), T0, 10, 10);
    }
  }

  @Test
  void creditBoundsWhatIsSentAhead() throws Exception {
    write(T0, 400);
    int whole = cluster.sizeInBytes(T0);
    try (Consumer consumer =
        client.consumer(ConsumerConfig.defaults().withMaxPollRecords(1).withBufferBytes(1000))) {
      consumer.assign(List.of(T0));
      read(consumer, 1);
      assertThat(cluster.sentBytes(T0)).isLessThan(1000 + cluster.largestBatchBytes(T0));
      assertInOrder(read(consumer, 399), T0, 1, 399);
      assertThat(cluster.sentBytes(T0)).isEqualTo(whole);
    }
  }

  @Test
  void aLostOffsetIsReportedOrResetAsConfigured() {
    write(T0, 100);
    cluster.truncateTo(T0, 60);
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      consumer.assign(List.of(T0));
      consumer.seek(T0, 5);
      JangadaException lost = pollUntilTrouble(consumer);
      assertThat(lost.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
      assertThat(consumer.position(T0)).isEqualTo(5);
      consumer.seekToBeginning(List.of(T0));
      assertThat(read(consumer, 1).get(0).offset()).isEqualTo(60);
    }
    try (Consumer consumer =
        client.consumer(ConsumerConfig.defaults().withReset(OffsetReset.BEGINNING))) {
      consumer.assign(List.of(T0));
      consumer.seek(T0, 5);
      assertThat(read(consumer, 1).get(0).offset()).isEqualTo(60);
    }
  }

  @Test
  void damagedBatchesAreReportedAndReadAgain() {
    write(T0, 20);
    cluster.damageNextResponse(T0);
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      consumer.assign(List.of(T0));
      assertThat(pollUntilTrouble(consumer).code()).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
      assertInOrder(read(consumer, 20), T0, 0, 20);
    }
  }

  @Test
  void nonsenseInsteadOfBatchesIsReportedAndReadAgain() {
    write(T0, 20);
    cluster.nonsenseInNextResponse(T0);
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      consumer.assign(List.of(T0));
      assertThat(pollUntilTrouble(consumer).code()).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
      assertInOrder(read(consumer, 20), T0, 0, 20);
    }
  }

  @Test
  void offsetsAreLookedUpOverALeaderChange() {
    write(T0, 10);
    write(T1, 20);
    cluster.truncateTo(T1, 4);
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      assertThat(consumer.partitionCount("t")).isEqualTo(2);
      assertThat(consumer.endOffsets(List.of(T0, T1))).isEqualTo(Map.of(T0, 10L, T1, 20L));
      cluster.electSecretly(T0, 3);
      assertThat(consumer.beginningOffsets(List.of(T0, T1))).isEqualTo(Map.of(T0, 0L, T1, 4L));
      assertThat(consumer.offsetsForTimes(Map.of(T0, 1_000_005L)).get(T0))
          .isEqualTo(new OffsetAndTimestamp(5, 1_000_005, 2));
      assertThat(consumer.offsetsForTimes(Map.of(T0, Long.MAX_VALUE))).isEmpty();
    }
  }

  @Test
  void unknownTopicsAndPartitionsAreReported() {
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      consumer.assign(List.of(new TopicPartition("none", 0)));
      assertThat(pollUntilTrouble(consumer).code()).isEqualTo(ErrorCode.UNKNOWN_TOPIC);
      consumer.assign(List.of(new TopicPartition("t", 7)));
      assertThat(pollUntilTrouble(consumer).code()).isEqualTo(ErrorCode.UNKNOWN_PARTITION);
      assertThat(catchThrowable(() -> consumer.endOffsets(List.of(new TopicPartition("t", 7)))))
          .isInstanceOf(JangadaException.class);
    }
  }

  @Test
  void wakeupAndCloseEndAWaitingPoll() throws Exception {
    Consumer consumer = client.consumer(ConsumerConfig.defaults());
    consumer.assign(List.of(T0));
    Thread polling = new Thread(() -> consumer.poll(Duration.ofMinutes(5)));
    polling.start();
    await(() -> polling.getState() == Thread.State.TIMED_WAITING);
    consumer.wakeup();
    polling.join();
    Thread again = new Thread(() -> consumer.poll(Duration.ofMinutes(5)));
    again.start();
    await(() -> again.getState() == Thread.State.TIMED_WAITING);
    consumer.close();
    again.join();
    assertThat(catchThrowable(() -> consumer.poll(Duration.ZERO)))
        .isInstanceOf(JangadaException.class);
  }

  private void write(TopicPartition partition, int count) {
    for (int i = 0; i < count; i += 10) {
      int inBatch = Math.min(10, count - i);
      cluster.append(partition, 1_000_000, inBatch);
      written += inBatch;
    }
    assertThat(written).isPositive();
  }

  private static List<ConsumerRecord> read(Consumer consumer, int count) {
    List<ConsumerRecord> records = new ArrayList<>();
    readUntil(consumer, records, count);
    return records;
  }

  private static void readUntil(Consumer consumer, List<ConsumerRecord> records, int count) {
    long deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    while (records.size() < count) {
      assertThat(System.nanoTime()).as("%s of %s", records.size(), count).isLessThan(deadline);
      records.addAll(consumer.poll(SOON));
    }
  }

  private static JangadaException pollUntilTrouble(Consumer consumer) {
    long deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    while (System.nanoTime() < deadline) {
      Throwable thrown = catchThrowable(() -> consumer.poll(SOON));
      if (thrown instanceof JangadaException typed) {
        return typed;
      }
    }
    throw new AssertionError("no trouble was reported");
  }

  /** Values are "v" and the offset. */
  private static void assertInOrder(
      List<ConsumerRecord> records, TopicPartition partition, long from, int count) {
    List<ConsumerRecord> own =
        records.stream().filter(r -> r.topicPartition().equals(partition)).toList();
    for (int i = 0; i < own.size(); i++) {
      assertThat(own.get(i).offset()).isEqualTo(from + i);
      assertThat(Objects.requireNonNull(own.get(i).valueUtf8())).isEqualTo("v" + (from + i));
    }
    assertThat(own).hasSizeGreaterThanOrEqualTo(count);
  }
}
