// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.outage;

import io.jangada.client.BrokerAddress;
import io.jangada.client.ClientConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import io.jangada.client.PartitionDescription;
import io.jangada.client.TopicDescription;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.launcher.OutageProbe;
import java.time.Duration;
import java.util.List;

/** Measures with the SDK's own producer and consumer, at their defaults. */
public final class ClientOutageProbe implements OutageProbe {
  private static final String TOPIC_PREFIX = "jangada-outage-probe-";
  private static final int PARTITIONS_PER_BROKER = 2;
  private static final long POLL_MS = 20;

  /** For the service loader. */
  public ClientOutageProbe() {}

  @Override
  public Measurement begin(List<String> bootstrap, int brokerId, Duration timeout)
      throws InterruptedException {
    JangadaClient client =
        JangadaClient.connect(
            ClientConfig.of(BrokerAddress.parseList(String.join(",", bootstrap)))
                .withRequestTimeout(timeout));
    String topic = TOPIC_PREFIX + ProcessHandle.current().pid();
    boolean begun = false;
    try {
      int brokers = client.admin().listBrokers().size();
      client.admin().createTopic(NewTopic.of(topic, PARTITIONS_PER_BROKER * brokers, 0));
      List<TopicPartition> led = awaitLed(client, topic, brokerId, timeout);
      ProbeLoad load = new ProbeLoad(client, led);
      load.start();
      load.awaitAcknowledged(timeout);
      begun = true;
      return new ClientMeasurement(client, topic, load, timeout);
    } finally {
      if (!begun) {
        ClientMeasurement.end(client, topic);
      }
    }
  }

  private static List<TopicPartition> awaitLed(
      JangadaClient client, String topic, int brokerId, Duration timeout)
      throws InterruptedException {
    long deadlineNs = System.nanoTime() + timeout.toNanos();
    while (true) {
      TopicDescription description = client.admin().describeTopics(List.of(topic)).get(0).orThrow();
      List<PartitionDescription> partitions = description.partitions();
      if (partitions.stream().allMatch(partition -> partition.leader() > 0)) {
        List<TopicPartition> led =
            partitions.stream()
                .filter(partition -> partition.leader() == brokerId)
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        if (led.isEmpty()) {
          throw new JangadaException(
              ErrorCode.LEADER_NOT_AVAILABLE,
              "expected broker "
                  + brokerId
                  + " to lead a partition of a new topic, but it does not",
              "jangada broker list");
        }
        return led;
      }
      if (System.nanoTime() > deadlineNs) {
        throw new JangadaException(
            ErrorCode.LEADER_NOT_AVAILABLE,
            "expected a leader for each partition of " + topic + ", but some have none",
            "jangada broker list");
      }
      Thread.sleep(POLL_MS);
    }
  }
}
