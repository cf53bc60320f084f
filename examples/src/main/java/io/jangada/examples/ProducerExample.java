// SPDX-License-Identifier: Apache-2.0
package io.jangada.examples;

import io.jangada.client.ClientConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.ProducerConfig;
import io.jangada.client.ProducerInterceptor;
import io.jangada.client.RecordMetadata;
import io.jangada.client.Serdes;
import io.jangada.client.TypedProducer;
import io.jangada.client.TypedRecord;
import io.jangada.common.JangadaException;
import io.jangada.record.Compression;
import io.jangada.record.RecordHeader;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes orders: {@code ProducerExample BOOTSTRAP TOPIC COUNT}. */
public final class ProducerExample {
  private ProducerExample() {}

  public static void main(String[] args) {
    String topic = args[1];
    int count = Integer.parseInt(args[2]);

    // A header for every record, without a word about it where records are made.
    ProducerInterceptor origin =
        record ->
            ProducerInterceptor.Interception.of(
                record.withHeaders(List.of(RecordHeader.ofUtf8("origin", "example"))));
    ProducerConfig config =
        ProducerConfig.defaults()
            .withCompression(Compression.LZ4)
            .withBatching(64 * 1024, Duration.ofMillis(5))
            .withInterceptors(origin);

    AtomicInteger acknowledged = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    try (JangadaClient client = JangadaClient.connect(ClientConfig.of(args[0]));
        TypedProducer<String, Long> producer =
            client.producer(config, Serdes.utf8().serializer(), Serdes.int64().serializer())) {

      // A future, where you want to wait for one record.
      RecordMetadata first = producer.send(topic, "customer-0", 0L).join();
      System.out.println("the first is at " + first.topicPartition() + " offset " + first.offset());
      acknowledged.incrementAndGet();

      // A callback, where you send many. When the buffer is full, send waits: that is the
      // back-pressure.
      for (int i = 1; i < count; i++) {
        producer.send(
            TypedRecord.of(topic, "customer-" + i % 100, (long) i),
            (metadata, error) -> {
              if (error == null) {
                acknowledged.incrementAndGet();
              } else {
                failed.incrementAndGet();
                report(error);
              }
            });
      }
      producer.flush();
    }
    System.out.println(acknowledged + " acknowledged, " + failed + " failed");
    if (failed.get() > 0) {
      System.exit(1);
    }
  }

  /** The producer has tried again by itself until its delivery timeout; this is its last word. */
  private static void report(JangadaException error) {
    System.out.println(
        error.code()
            + (error.definite() ? ": surely not written: " : ": may have been written: ")
            + error.getMessage()
            + (error.retriable() ? " (sending it again may succeed)" : ""));
  }
}
