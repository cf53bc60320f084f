// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.api.v1.DescribeQuorumResponse;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three nodes with both roles; one cluster for the whole story, because each start costs seconds.
 */
class QuorumGroupTest {
  private static final Logger LOG = LoggerFactory.getLogger(QuorumGroupTest.class);

  @TempDir Path directory;

  @Test
  void aClusterLosesItsControllerAndABrokerAndTakesThemBack() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, 3)) {
      long begin = System.nanoTime();
      cluster.startAll();
      cluster.awaitBrokers();
      LOG.warn("three nodes in service after {} ms", ms(begin));
      TestCluster.Node controller = cluster.awaitController();
      TestCluster.await(
          "all voters in the metadata",
          () -> controller.quorum.image().quorumMembers().size() == 3);

      UUID topic = cluster.createTopic(cluster.get(1), "t", 6, 3);
      for (TestCluster.Node node : cluster.running()) {
        TestCluster.await(
            "the topic on node " + node.id, () -> node.client.image().topic(topic) != null);
      }
      describe(cluster, controller.id);
      commits(cluster.get(2));
      loseAFollower(cluster, controller, topic);
      loseTheController(cluster, topic);
      loseTheMajority(cluster);
    }
  }

  private static void describe(TestCluster cluster, int controllerId) throws Exception {
    for (TestCluster.Node node : cluster.running()) {
      DescribeQuorumResponse quorum = node.client.describeQuorum().get(10, TimeUnit.SECONDS);
      assertThat(quorum.getLeaderId()).isEqualTo(controllerId);
      assertThat(quorum.getControllerEpoch()).isPositive();
      assertThat(quorum.getMembersList()).hasSize(3).allMatch(m -> m.getMatchIndex() > 0);
    }
  }

  private static void commits(TestCluster.Node node) throws Exception {
    long[] micros = new long[200];
    for (int i = 0; i < micros.length; i++) {
      long begin = System.nanoTime();
      ControllerAnswer answer =
          node.client
              .submit(new ControllerRequest.AllocateProducerIds(node.id, node.client.brokerEpoch()))
              .get(10, TimeUnit.SECONDS);
      assertThat(answer).isInstanceOf(ControllerAnswer.ProducerIds.class);
      node.client.reached(answer.index()).get(10, TimeUnit.SECONDS);
      micros[i] = (System.nanoTime() - begin) / 1_000;
    }
    Arrays.sort(micros);
    LOG.warn("commit, answered and seen: p50 {} us, p99 {} us", micros[100], micros[198]);
  }

  /** A process that dies breaks its connections and its port refuses: no session timeout needed. */
  private static void loseAFollower(TestCluster cluster, TestCluster.Node controller, UUID topic) {
    int follower = controller.id == 1 ? 2 : 1;
    cluster.get(follower).server.shutdownNow();
    long begin = System.nanoTime();
    cluster.stop(follower);
    TestCluster.await(
        "the dead broker fenced and replaced", () -> replaced(controller, follower, topic));
    LOG.warn("a dead broker was replaced after {} ms (its close included)", ms(begin));

    TestCluster.Node again = cluster.start(follower);
    assertThat(again.client.image().topic(topic)).isNotNull();
    var unused = again.register();
    TestCluster.await(
        "the broker in service again", () -> controller.client.image().inService(follower));
    assertThat(again.failures).isEmpty();
  }

  private static void loseTheController(TestCluster cluster, UUID topic) throws Exception {
    TestCluster.Node old = cluster.awaitController();
    long epoch = old.quorum.image().controllerEpoch();
    Thread closing = Thread.ofPlatform().start(() -> cluster.stop(old.id));
    long begin = System.nanoTime();
    TestCluster.await("the old one gone", () -> cluster.running().size() == 2);
    TestCluster.Node next = cluster.awaitController();
    LOG.warn("a new controller after {} ms", ms(begin));
    TestCluster.await("the dead one replaced", () -> replaced(next, old.id, topic));
    LOG.warn("its partitions led again after {} ms", ms(begin));
    assertThat(next.quorum.image().controllerEpoch()).isGreaterThan(epoch);
    cluster.createTopic(next, "after", 1, 2);
    staleBrokersAreRefused(next, old.id);
    closing.join();
  }

  /** Whoever asks hears who is missing, before it has stopped to wait. */
  private static void loseTheMajority(TestCluster cluster) {
    TestCluster.Node left = cluster.awaitController();
    int follower =
        cluster.running().stream()
            .mapToInt(node -> node.id)
            .filter(id -> id != left.id)
            .findFirst()
            .orElseThrow();
    cluster.get(follower).server.shutdownNow();
    cluster.stop(follower);
    long begin = System.nanoTime();
    assertThatThrownBy(
            () ->
                left.client
                    .submit(
                        new ControllerRequest.CreateTopics(
                            List.of(new ControllerRequest.NewTopic("late", 1, 1, Map.of())), false))
                    .get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(JangadaException.class)
        .hasMessageContaining("expected a majority of the metadata quorum, 2 of the nodes 1, 2, 3")
        .hasMessageContaining("cannot be reached");
    LOG.warn("a quorum without majority is told after {} ms", ms(begin));
    assertThat(ms(begin)).isLessThan(9_000);
  }

  private static void staleBrokersAreRefused(TestCluster.Node node, int dead) throws Exception {
    ControllerAnswer answer =
        node.client
            .submit(new ControllerRequest.AlterIsr(dead, 1, List.of()))
            .get(10, TimeUnit.SECONDS);
    assertThat(answer).isInstanceOf(ControllerAnswer.Failed.class);
    ControllerAnswer topics =
        node.client
            .submit(
                new ControllerRequest.CreateTopics(
                    List.of(new ControllerRequest.NewTopic("t", 1, 0, Map.of())), false))
            .get(10, TimeUnit.SECONDS);
    assertThat(((ControllerAnswer.TopicsCreated) topics).results().getFirst().refusal())
        .isNotNull();
  }

  private static boolean replaced(TestCluster.Node seenBy, int dead, UUID topic) {
    MetadataImage image = seenBy.client.image();
    if (image.inService(dead)) {
      return false;
    }
    for (int p = 0; p < 6; p++) {
      @Nullable PartitionRegistration partition = image.partition(new TopicIdPartition(topic, p));
      if (partition == null || !partition.hasLeader() || partition.leader() == dead) {
        return false;
      }
    }
    return true;
  }

  private static long ms(long beginNanos) {
    return (System.nanoTime() - beginNanos) / 1_000_000;
  }
}
