// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.outage;

import io.jangada.client.Consumer;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.ConsumerRecord;
import io.jangada.client.JangadaClient;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.launcher.OutageProbe;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One measurement: a load that runs, then everything read back and compared. */
final class ClientMeasurement implements OutageProbe.Measurement {
  private static final Logger LOG = LoggerFactory.getLogger(ClientMeasurement.class);
  private static final Duration POLL = Duration.ofMillis(100);

  private final JangadaClient client;
  private final String topic;
  private final ProbeLoad load;
  private final Duration timeout;

  ClientMeasurement(JangadaClient client, String topic, ProbeLoad load, Duration timeout) {
    this.client = client;
    this.topic = topic;
    this.load = load;
    this.timeout = timeout;
  }

  @Override
  public OutageProbe.Outage finish() throws InterruptedException {
    load.awaitAcknowledged(timeout);
    load.stop();
    BitSet readBack = new BitSet();
    long duplicated = readAll(readBack);
    BitSet lost = load.acknowledged();
    long acknowledged = lost.cardinality();
    lost.andNot(readBack);
    return new OutageProbe.Outage(
        load.longestGapMs(), acknowledged, lost.cardinality(), duplicated);
  }

  @Override
  public void close() {
    load.stop();
    end(client, topic);
  }

  /** Deletes the topic and closes the client. */
  static void end(JangadaClient client, String topic) {
    try (client) {
      client.admin().deleteTopics(List.of(topic), false);
    } catch (JangadaException e) {
      LOG.warn("Could not delete the topic {}", topic, e);
    }
  }

  private long readAll(BitSet seen) {
    long duplicated = 0;
    long deadlineNs = System.nanoTime() + timeout.toNanos();
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      consumer.assign(load.partitions());
      Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(load.partitions()));
      while (!reached(consumer, ends)) {
        if (System.nanoTime() > deadlineNs) {
          throw new JangadaException(
              ErrorCode.REQUEST_TIMED_OUT,
              "expected to read " + topic + " up to " + ends + ", but it took too long",
              "give it longer with --timeout 60s");
        }
        for (ConsumerRecord record : consumer.poll(POLL)) {
          ByteBuffer value = Objects.requireNonNull(record.value(), "ours have values");
          int sequence = value.getInt(value.position());
          if (seen.get(sequence)) {
            duplicated++;
          }
          seen.set(sequence);
        }
      }
    }
    return duplicated;
  }

  private static boolean reached(Consumer consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }
}
