// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.powerloss;

import io.jangada.chaos.history.HistoryRecorder;
import io.jangada.chaos.history.Operation.Acknowledged;
import io.jangada.chaos.history.Operation.Outcome;
import io.jangada.chaos.history.Operation.Poll;
import io.jangada.chaos.history.Operation.Read;
import io.jangada.chaos.history.Operation.Reassigned;
import io.jangada.chaos.history.Operation.Refused;
import io.jangada.chaos.history.Operation.Send;
import io.jangada.chaos.history.Operation.Unknown;
import io.jangada.client.ClientConfig;
import io.jangada.client.Consumer;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.ConsumerRecord;
import io.jangada.client.JangadaClient;
import io.jangada.client.Producer;
import io.jangada.client.ProducerConfig;
import io.jangada.client.ProducerRecord;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Producers that write values unlike each other with acks=all, and a reader that follows them, on
 * threads of their own; what they saw is recorded.
 */
final class Load implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int VALUES_OF_PRODUCER = 1 << 30;
  private static final int MAX_PAYLOAD_BYTES = 3000;
  private static final long PAUSE_NS = 1_000_000;
  private static final int MAX_PAUSES = 8;

  private final String bootstrap;
  private final List<TopicPartition> partitions = new ArrayList<>();
  private final HistoryRecorder recorder = new HistoryRecorder();
  private final Queue<String> readErrors = new ConcurrentLinkedQueue<>();
  private final List<Thread> producers = new ArrayList<>();
  private @Nullable Thread reader;
  private volatile boolean stop;

  Load(String bootstrap, String topic, int partitionCount) {
    this.bootstrap = bootstrap;
    for (int i = 0; i < partitionCount; i++) {
      partitions.add(new TopicPartition(topic, i));
    }
  }

  /** Begins. */
  void start(int producerCount, long seed) {
    for (int i = 0; i < producerCount; i++) {
      int process = recorder.newProcess();
      Random random = new Random(seed + i);
      producers.add(Thread.ofPlatform().name("producer-" + i).start(() -> write(process, random)));
    }
    int process = recorder.newProcess();
    reader = Thread.ofPlatform().name("reader").start(() -> follow(process));
  }

  HistoryRecorder recorder() {
    return recorder;
  }

  /** Polls that failed in a way that a reader cannot get over by itself. */
  Collection<String> readErrors() {
    return readErrors;
  }

  /**
   * Waits until so many more sends have been acknowledged.
   *
   * @return how long the first of them took in ms
   * @throws IllegalStateException if that takes longer than the patience
   */
  long awaitMore(int sends, Duration patience) throws InterruptedException {
    long before = recorder.acknowledged();
    long begin = System.nanoTime();
    long firstMs = -1;
    while (recorder.acknowledged() < before + sends) {
      if (firstMs < 0 && recorder.acknowledged() > before) {
        firstMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
      }
      if (System.nanoTime() - begin > patience.toNanos()) {
        throw new IllegalStateException(
            "expected %d more acknowledgements within %d s, but %d came"
                .formatted(sends, patience.toSeconds(), recorder.acknowledged() - before));
      }
      TimeUnit.MILLISECONDS.sleep(2);
    }
    return Math.max(firstMs, 0);
  }

  /** Stops writing and reading, when all that was sent is answered. */
  void finish() throws InterruptedException {
    stop = true;
    for (Thread producer : producers) {
      producer.join();
    }
    Thread following = reader;
    if (following != null) {
      following.join();
    }
  }

  /**
   * Reads everything from the beginning to the end, with a new client.
   *
   * @return the process under which it is recorded
   * @throws IllegalStateException if the end is not reached in time
   */
  int drain(Duration patience) {
    int process = recorder.newProcess();
    long deadline = System.nanoTime() + patience.toNanos();
    try (JangadaClient client = JangadaClient.connect(ClientConfig.of(bootstrap));
        Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      recorder.add(new Reassigned(process));
      while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(
              "expected to read up to " + ends + " in time, but got no further");
        }
        record(process, consumer.poll(POLL));
      }
    }
    return process;
  }

  private void write(int process, Random random) {
    long value = (long) process * VALUES_OF_PRODUCER;
    try (JangadaClient client = JangadaClient.connect(ClientConfig.of(bootstrap));
        Producer producer = client.producer(ProducerConfig.defaults())) {
      while (!stop) {
        int partition = random.nextInt(partitions.size());
        byte[] payload = new byte[Long.BYTES + random.nextInt(MAX_PAYLOAD_BYTES)];
        random.nextBytes(payload);
        ByteBuffer.wrap(payload).putLong(value);
        send(producer, process, partition, value, payload);
        value++;
        LockSupport.parkNanos(random.nextInt(MAX_PAUSES) * PAUSE_NS);
      }
      producer.flush();
    }
  }

  private void send(Producer producer, int process, int partition, long value, byte[] payload) {
    long startNs = System.nanoTime();
    try {
      producer.send(
          ProducerRecord.of(partitions.get(partition).topic(), partition, null, payload),
          (metadata, error) ->
              recorder.add(
                  new Send(
                      process,
                      partition,
                      value,
                      startNs,
                      System.nanoTime(),
                      metadata != null
                          ? new Acknowledged(metadata.offset())
                          : failure(Objects.requireNonNull(error)))));
    } catch (JangadaException e) {
      recorder.add(new Send(process, partition, value, startNs, System.nanoTime(), failure(e)));
    }
  }

  private static Outcome failure(JangadaException error) {
    return error.definite() ? new Refused(error.code().name()) : new Unknown(error.code().name());
  }

  private void follow(int process) {
    try (JangadaClient client = JangadaClient.connect(ClientConfig.of(bootstrap));
        Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      recorder.add(new Reassigned(process));
      while (!stop) {
        try {
          record(process, consumer.poll(POLL));
        } catch (JangadaException e) {
          readErrors.add(e.code() + ": " + e.getMessage());
          LockSupport.parkNanos(POLL.toNanos());
        }
      }
    }
  }

  private void record(int process, List<ConsumerRecord> records) {
    if (!records.isEmpty()) {
      List<Read> reads = new ArrayList<>();
      for (ConsumerRecord record : records) {
        ByteBuffer value = Objects.requireNonNull(record.value());
        reads.add(
            new Read(
                record.topicPartition().partition(),
                record.offset(),
                value.getLong(value.position())));
      }
      recorder.add(new Poll(process, System.nanoTime(), reads));
    }
  }

  @Override
  public void close() {
    try {
      finish();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
