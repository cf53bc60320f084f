// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.chaos.live.LocalCluster;
import io.jangada.client.ClientConfig;
import io.jangada.client.Consumer;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.JangadaClient;
import io.jangada.common.TopicPartition;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.IntStream;

/** Reading back a gigabyte, most of which is no longer in the brokers' own caches. */
final class ConsumeRow implements Row {
  private static final int ROUNDS = 4;
  private static final int WARM_UP_ROUNDS = 1;
  private static final String TOPIC = "consume";

  @Override
  public void measure(Figures figures) throws Exception {
    try (LocalCluster cluster = LocalCluster.start(Brokers.COUNT)) {
      ReadBack.fill(cluster, TOPIC);
      try (JangadaClient client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()))) {
        ReadBack.measure(
            figures,
            "consume 1 GB of 1 kB, 6 partitions, one consumer",
            new Brokers(cluster),
            ROUNDS,
            WARM_UP_ROUNDS,
            () -> readAll(client));
      }
    }
  }

  private static long readAll(JangadaClient client) throws IOException {
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      consumer.assign(
          IntStream.range(0, ReadBack.PARTITIONS)
              .mapToObj(i -> new TopicPartition(TOPIC, i))
              .toList());
      return ReadBack.all(() -> consumer.poll(Duration.ofSeconds(1)).size());
    }
  }
}
