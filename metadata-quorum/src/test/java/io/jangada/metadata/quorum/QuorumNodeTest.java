// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class QuorumNodeTest {
  private static final Logger LOG = LoggerFactory.getLogger(QuorumNodeTest.class);

  @TempDir Path directory;

  @Test
  void aSingleNodeIsAWholeCluster() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, 1)) {
      long begin = System.nanoTime();
      TestCluster.Node node = cluster.start(1);
      node.ready.get(20, TimeUnit.SECONDS);
      cluster.awaitBrokers();
      LOG.warn("single node in service after {} ms", (System.nanoTime() - begin) / 1_000_000);
      UUID topic = cluster.createTopic(node, "t", 3, 1);
      assertThat(node.client.image().topic(topic)).isNotNull();
      long epoch = node.client.brokerEpoch();

      cluster.stop(1);
      begin = System.nanoTime();
      TestCluster.Node again = cluster.start(1);
      assertThat(again.client.image().topic(topic)).as("the image of the last run").isNotNull();
      cluster.awaitBrokers();
      LOG.warn("restarted node in service after {} ms", (System.nanoTime() - begin) / 1_000_000);
      assertThat(again.client.brokerEpoch()).isGreaterThan(epoch);
      assertThat(again.failures).isEmpty();
    }
  }
}
