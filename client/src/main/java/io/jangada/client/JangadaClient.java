// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.client.internal.DefaultClient;
import io.jangada.common.TopicPartition;
import java.util.Collection;
import java.util.List;

/**
 * The way into a cluster: one pool of connections and one picture of the metadata, shared by the
 * producers, consumers and the admin interface that come from it. Thread-safe.
 *
 * <pre>{@code
 * try (JangadaClient client = JangadaClient.connect(ClientConfig.of("localhost:7400"));
 *     Producer producer = client.producer(ProducerConfig.defaults())) {
 *   producer.send(ProducerRecord.of("topic", key, value)).join();
 * }
 * }</pre>
 */
public interface JangadaClient extends AutoCloseable {
  /** A client; nothing is connected before it is needed. */
  static JangadaClient connect(ClientConfig config) {
    return new DefaultClient(config);
  }

  /** A producer of its own, to be closed by the caller. */
  Producer producer(ProducerConfig config);

  /** A consumer of its own, to be closed by the caller. */
  Consumer consumer(ConsumerConfig config);

  /** A producer of its own for objects, to be closed by the caller. */
  default <K, V> TypedProducer<K, V> producer(
      ProducerConfig config, Serializer<K> keys, Serializer<V> values) {
    return new TypedProducer<>(producer(config), keys, values);
  }

  /** A consumer of its own for objects, to be closed by the caller. */
  default <K, V> TypedConsumer<K, V> consumer(
      ConsumerConfig config, Deserializer<K> keys, Deserializer<V> values) {
    return new TypedConsumer<>(consumer(config), keys, values);
  }

  /** What partitions hold, as a reactive stream for one subscriber; to be closed by the caller. */
  default RecordPublisher publisher(ConsumerConfig config, Collection<TopicPartition> partitions) {
    Consumer consumer = consumer(config);
    consumer.assign(partitions);
    return new RecordPublisher(consumer);
  }

  /** What the client counts of itself; always the same meters, in the order of their names. */
  List<Meter> meters();

  /** The admin interface; there is one. */
  Admin admin();

  /** Closes the producers and consumers that are still open, then the connections. */
  @Override
  void close();
}
