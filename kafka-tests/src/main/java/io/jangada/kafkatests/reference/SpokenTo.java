// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.reference;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A cluster that answers Kafka's protocol. Its brokers have the ids 1, 2, … Closing it ends its
 * processes and removes its files.
 */
public interface SpokenTo extends AutoCloseable {
  /** What reports call it. */
  String name();

  /** Where the brokers listen for Kafka clients, in the order of their ids. */
  List<InetSocketAddress> brokers();

  /** Where that broker listens; ids start at 1. */
  default InetSocketAddress broker(int id) {
    return brokers().get(id - 1);
  }

  /** As clients take it: {@code host:port,…}. */
  default String bootstrap() {
    return brokers().stream()
        .map(broker -> broker.getHostString() + ":" + broker.getPort())
        .collect(Collectors.joining(","));
  }

  /** The ids of the brokers. */
  default List<Integer> ids() {
    return IntStream.rangeClosed(1, brokers().size()).boxed().toList();
  }

  @Override
  void close() throws IOException;
}
