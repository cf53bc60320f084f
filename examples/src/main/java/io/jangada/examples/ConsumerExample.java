// SPDX-License-Identifier: Apache-2.0
package io.jangada.examples;

import io.jangada.client.ClientConfig;
import io.jangada.client.Consumer;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.ConsumerRecord;
import io.jangada.client.JangadaClient;
import io.jangada.client.Serdes;
import io.jangada.client.TypedConsumer;
import io.jangada.common.TopicPartition;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/** Reads what is there, in two ways: {@code ConsumerExample BOOTSTRAP TOPIC}. */
public final class ConsumerExample {
  private ConsumerExample() {}

  public static void main(String[] args) {
    String topic = args[1];
    try (JangadaClient client = JangadaClient.connect(ClientConfig.of(args[0]))) {
      int read = iterate(client, topic);
      int again = poll(client, topic, read);
      System.out.println("read " + read + " records, and " + again + " again");
    }
  }

  /** One record after the other, up to where the log ends now. */
  private static int iterate(JangadaClient client, String topic) {
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      consumer.assign(partitions(consumer, topic));
      int count = 0;
      for (Iterator<ConsumerRecord> records = consumer.untilEnd(); records.hasNext(); ) {
        ConsumerRecord record = records.next();
        if (count++ == 0) {
          System.out.println(
              record.topicPartition() + " " + record.offset() + " " + record.keyUtf8());
        }
      }
      return count;
    }
  }

  /** In batches, as objects, without an end: the shape of a service. */
  private static int poll(JangadaClient client, String topic, int enough) {
    try (TypedConsumer<String, Long> consumer =
        client.consumer(
            ConsumerConfig.defaults(),
            Serdes.utf8().deserializer(),
            Serdes.int64().deserializer())) {
      List<TopicPartition> partitions = partitions(consumer.consumer(), topic);
      consumer.consumer().assign(partitions);
      consumer.consumer().seekToBeginning(partitions);
      long sum = 0;
      int count = 0;
      while (count < enough) {
        for (TypedConsumer.Received<String, Long> order : consumer.poll(Duration.ofSeconds(1))) {
          Long value = order.value();
          sum += value == null ? 0 : value;
          count++;
        }
      }
      System.out.println("the sum of all orders is " + sum);
      return count;
    }
  }

  private static List<TopicPartition> partitions(Consumer consumer, String topic) {
    return IntStream.range(0, consumer.partitionCount(topic))
        .mapToObj(partition -> new TopicPartition(topic, partition))
        .toList();
  }
}
