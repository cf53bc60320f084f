// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.powerloss;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.chaos.history.HistoryChecker;
import io.jangada.chaos.live.Disks;
import io.jangada.chaos.live.LocalCluster;
import io.jangada.chaos.live.NodeProcess;
import io.jangada.chaos.lossy.LossyRequired;
import io.jangada.client.BrokerDescription;
import io.jangada.client.ClientConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import io.jangada.client.PartitionDescription;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Brokers with two log directories each, the second of which is on a disk of its own that fails.
 */
@Tag("power-loss")
class SeveralDisksTest {
  private static final String TOPIC = "two-disks";
  private static final int PARTITIONS = 6;
  private static final int NODES = 3;
  private static final int SOME = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String SECOND = "disk-2";

  private LossyDisks disks;
  private LocalCluster cluster;
  private JangadaClient client;

  /** A lossy file system under the second log directory of each node only. */
  private final class SecondDisks implements Disks {
    @Override
    public void prepare(int node, Path dataDirectory) throws IOException, InterruptedException {
      disks.prepare(node, dataDirectory.resolveSibling(SECOND));
    }

    @Override
    public List<String> javaOptions() {
      return disks.javaOptions();
    }

    @Override
    public void close() throws IOException {
      disks.close();
    }
  }

  @BeforeEach
  void start() throws Exception {
    LossyRequired.orSkip();
    disks = new LossyDisks(true, false);
    cluster =
        LocalCluster.start(
            LocalCluster.Options.ofTest(NODES)
                .withDisks(new SecondDisks())
                .withSettings(Map.of("storage.log-directories", "data/log, " + SECOND)));
    client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()));
    client.admin().createTopic(NewTopic.of(TOPIC, PARTITIONS, NODES));
  }

  @AfterEach
  void stop() throws Exception {
    if (client != null) {
      client.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void oneFailsAndTheBrokerGoesOnWithTheOther() throws Exception {
    try (Load load = new Load(cluster.bootstrap(), TOPIC, PARTITIONS)) {
      load.start(2, 1);
      load.awaitMore(SOME, PATIENCE);
      NodeProcess victim = cluster.node(partitions().get(0).leader());
      int id = victim.plan().id();
      disks.of(id).failSyncs(1);
      await("the quorum knows", () -> !broker(id).unfitDirectories().isEmpty());
      load.awaitMore(SOME, PATIENCE);
      assertThat(victim.running()).isTrue();

      Set<Integer> offline = new HashSet<>();
      await(
          "half of its replicas are out of sync",
          () -> {
            offline.clear();
            partitions().stream()
                .filter(each -> !each.isr().contains(id))
                .forEach(each -> offline.add(each.partition()));
            return offline.size() == PARTITIONS / 2;
          });
      assertThat(partitions())
          .filteredOn(each -> !offline.contains(each.partition()))
          .allMatch(each -> each.isr().size() == NODES);

      // Whatever the disk says next: a start looks at it anew.
      victim.kill();
      load.awaitMore(SOME, PATIENCE);
      restart(victim);
      load.awaitMore(SOME, PATIENCE);

      // Taken out, it is not taken for an empty one; what was on it is fetched into the other.
      victim.kill();
      Path file = victim.plan().directory().resolve(SECOND).resolve("log-directory.properties");
      Path aside = victim.plan().directory().resolve("aside.properties");
      Files.copy(file, aside);
      Files.delete(file);
      restart(victim);
      assertThat(broker(id).unfitDirectories().values())
          .anySatisfy(reason -> assertThat(reason).contains("not mounted"));
      assertThat(logsIn(victim.plan().directory().resolve("data/log"))).hasSize(PARTITIONS);
      load.awaitMore(SOME, PATIENCE);

      // And when it comes back, what was written meanwhile counts.
      victim.kill();
      Files.copy(aside, file);
      restart(victim);
      load.awaitMore(SOME, PATIENCE);
      load.finish();
      assertThat(HistoryChecker.check(load.recorder().history(load.drain(PATIENCE)))).isEmpty();
    }
  }

  private void restart(NodeProcess node) throws Exception {
    node.start();
    cluster.awaitReady();
    await(
        "all replicas are in sync",
        () -> partitions().stream().allMatch(each -> each.isr().size() == NODES));
  }

  private static List<String> logsIn(Path directory) {
    try (Stream<Path> logs = Files.list(directory)) {
      return logs.map(each -> String.valueOf(each.getFileName()))
          .filter(name -> name.startsWith(TOPIC + "-"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private BrokerDescription broker(int id) {
    return client.admin().listBrokers().stream()
        .filter(each -> each.id() == id)
        .findFirst()
        .orElseThrow();
  }

  private List<PartitionDescription> partitions() {
    return client.admin().describeTopics(List.of(TOPIC)).get(0).orThrow().partitions();
  }

  private static void await(String what, BooleanSupplier holds) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as("too late: %s", what).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
