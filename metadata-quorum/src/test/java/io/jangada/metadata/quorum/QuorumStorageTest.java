// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.metadata.store.LmdbMetadataStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of members and brokers whose disks are lost, whole or in part. */
class QuorumStorageTest {
  /** Few entries and changes are kept, so that whoever was away needs a snapshot. */
  private static final QuorumNodeConfig.Sizes SMALL =
      new QuorumNodeConfig.Sizes(
          10, 1_024, new LmdbMetadataStore.Options(1L << 30, 5, "boot"), RoomLimits.defaults());

  @TempDir Path directory;

  @Test
  void whoeverWasAwayGetsASnapshotAndAWipedVoterIsRefused() throws Exception {
    try (TestCluster cluster = new TestCluster(directory, 3, SMALL)) {
      cluster.startAll();
      cluster.awaitBrokers();
      UUID gone = cluster.createTopic(cluster.get(1), "gone", 1, 1);
      TestCluster.await(
          "the topic on node 3", () -> cluster.get(3).client.image().topic(gone) != null);
      cluster.stop(3);

      TestCluster.Node node = cluster.awaitController();
      var unused =
          node.client
              .submit(
                  new io.jangada.metadata.command.ControllerRequest.DeleteTopics(
                      List.of(gone), false))
              .get(20, TimeUnit.SECONDS);
      for (int i = 0; i < 40; i++) {
        cluster.createTopic(node, "t" + i, 1, 1);
      }
      // Its log ends before what the others still have, and so do its broker's changes.
      TestCluster.Node again = cluster.start(3);
      TestCluster.await(
          "node 3 to know the newest topic", () -> again.client.image().topic("t39") != null);
      TestCluster.await(
          "member 3 to know the newest topic", () -> again.quorum.image().topic("t39") != null);
      assertThat(again.client.image().topic(gone)).isNull();
      assertThat(again.failures).isEmpty();

      cluster.stop(3);
      wipe(cluster.home(3));
      refused(cluster, null);
      refused(cluster, UUID.randomUUID());
      assertThat(cluster.createTopic(node, "still", 1, 1)).isNotNull();
    }
  }

  private static void refused(TestCluster cluster, @org.jspecify.annotations.Nullable UUID disk) {
    TestCluster.Node wiped = disk == null ? cluster.start(3) : cluster.start(3, disk);
    assertThatThrownBy(() -> wiped.ready.get(20, TimeUnit.SECONDS))
        .hasMessageContaining("expected quorum member 3 to have the metadata");
    cluster.stop(3);
  }

  private static void wipe(Path home) throws IOException {
    try (var files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
