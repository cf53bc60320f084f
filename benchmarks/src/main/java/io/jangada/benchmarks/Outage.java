// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.chaos.live.LocalCluster;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import io.jangada.client.PartitionDescription;
import io.jangada.client.Producer;
import io.jangada.client.ProducerConfig;
import io.jangada.client.ProducerRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long a partition is away when its leader is killed, as its producer sees it: from the kill to
 * the acknowledgement of a record that was sent after it.
 */
final class Outage {
  private static final String TOPIC = "outage";
  private static final int PARTITIONS = 12;
  private static final int WARM_UP_RECORDS = 500;
  private static final long PATIENCE_NS = Duration.ofSeconds(60).toNanos();
  private static final long SEND_EVERY_MS = 2;

  private final LocalCluster cluster;
  private final JangadaClient client;

  Outage(LocalCluster cluster, JangadaClient client) {
    this.cluster = cluster;
    this.client = client;
    client.admin().createTopic(NewTopic.of(TOPIC, PARTITIONS, cluster.nodes().size()));
  }

  /**
   * Kills the leader of some partition and starts it again afterwards.
   *
   * @param quorumLeader whether that broker is to lead the quorum too, or is not to
   * @return milliseconds
   */
  long ofPartitionLeader(boolean quorumLeader) throws Exception {
    int quorumLeaderId = client.admin().describeQuorum().leaderId();
    PartitionDescription victim =
        client.admin().describeTopics(List.of(TOPIC)).get(0).orThrow().partitions().stream()
            .filter(each -> (each.leader() == quorumLeaderId) == quorumLeader)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no partition has such a leader"));
    try (Producer producer =
        client.producer(ProducerConfig.defaults().withBatching(16 * 1024, Duration.ZERO))) {
      for (int i = 0; i < WARM_UP_RECORDS; i++) {
        producer.send(ProducerRecord.of(TOPIC, victim.partition(), null, new byte[100])).get();
      }
      cluster.node(victim.leader()).kill();
      long gapMs = awaitAcknowledgement(producer, victim.partition());
      cluster.node(victim.leader()).start();
      cluster.awaitReady();
      return gapMs;
    }
  }

  private static long awaitAcknowledgement(Producer producer, int partition)
      throws InterruptedException {
    long killedNs = System.nanoTime();
    AtomicLong acknowledgedNs = new AtomicLong();
    while (acknowledgedNs.get() == 0) {
      producer.send(
          ProducerRecord.of(TOPIC, partition, null, new byte[100]),
          (metadata, error) -> {
            if (error == null) {
              acknowledgedNs.compareAndSet(0, System.nanoTime());
            }
          });
      TimeUnit.MILLISECONDS.sleep(SEND_EVERY_MS);
      if (System.nanoTime() - killedNs > PATIENCE_NS) {
        throw new IllegalStateException("nothing was acknowledged within a minute of the kill");
      }
    }
    return TimeUnit.NANOSECONDS.toMillis(acknowledgedNs.get() - killedNs);
  }
}
