// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.powerloss;

import io.jangada.chaos.history.Anomaly;
import io.jangada.chaos.history.History;
import io.jangada.chaos.history.HistoryChecker;
import io.jangada.chaos.history.HistoryFile;
import io.jangada.chaos.live.LocalCluster;
import io.jangada.chaos.live.NodeProcess;
import io.jangada.chaos.lossy.LossyFileSystem;
import io.jangada.chaos.lossy.Survivors;
import io.jangada.client.ClientConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Three broker processes with their whole data directories on lossy file systems, producers and a
 * reader; in each round the power of one, two or all of them fails, they see a booted machine and
 * start again. In the end everything is read and the history checked.
 */
public final class PowerLossRun {
  private static final String TOPIC = "power-loss";
  private static final String LOG_DIRECTORY = "log";
  private static final int NODES = 3;
  private static final int PARTITIONS = 6;
  private static final int PRODUCERS = 2;
  private static final int AT_LEAST = 150;
  private static final int UP_TO = 400;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration START_PATIENCE = Duration.ofMinutes(3);

  private final Plan plan;
  private final Path directory;
  private final PrintStream out;
  private final Random random;

  /**
   * What is to happen.
   *
   * @param seed of everything that is left to chance here and on the disks; a repetition is not the
   *     same run, as threads and processes have their own timing
   * @param lying the negative control: shortly before each power loss the disks begin to answer
   *     syncs of everything but the metadata quorum's files without making it durable
   * @param allowDirect whether the disks allow O_DIRECT
   * @param strictNames whether on the disks a name is durable only when its directory was synced
   */
  public record Plan(
      int rounds, long seed, boolean lying, boolean allowDirect, boolean strictNames) {
    /** So many rounds on disks that allow O_DIRECT and order names as ext4 and XFS do. */
    public static Plan of(int rounds, long seed) {
      return new Plan(rounds, seed, false, true, false);
    }

    /** The negative control. */
    public static Plan control(long seed) {
      return new Plan(1, seed, true, true, false);
    }
  }

  /**
   * What came of it.
   *
   * @param acknowledged sends
   * @param lost acknowledged or read values that are not there in the end
   * @param readErrors failures of the reader that are not retriable
   */
  public record Result(
      long acknowledged, List<Anomaly> anomalies, long lost, List<String> readErrors) {
    /** Whether nothing is wrong. */
    public boolean clean() {
      return anomalies.isEmpty() && readErrors.isEmpty();
    }
  }

  /**
   * A run that has not begun.
   *
   * @param directory gets the history and, should the run fail, the brokers' logs
   */
  public PowerLossRun(Plan plan, Path directory, PrintStream out) {
    this.plan = plan;
    this.directory = directory;
    this.out = out;
    this.random = new Random(plan.seed());
  }

  /**
   * Runs it.
   *
   * @throws IllegalStateException if the cluster does not serve again in time
   */
  public Result run() throws Exception {
    Files.createDirectories(directory);
    try (LossyDisks disks = new LossyDisks(plan.allowDirect(), plan.strictNames());
        LocalCluster cluster =
            LocalCluster.start(LocalCluster.Options.ofTest(NODES).withDisks(disks))) {
      createTopic(cluster);
      try (Load load = new Load(cluster.bootstrap(), TOPIC, PARTITIONS)) {
        load.start(PRODUCERS, plan.seed());
        load.awaitMore(AT_LEAST, PATIENCE);
        for (int round = 1; round <= plan.rounds(); round++) {
          round(round, cluster, disks, load);
        }
        Result result = result(load);
        out.println("disks: " + disks.counters());
        return result;
      } catch (IllegalStateException | IOException e) {
        keepLogs(cluster);
        throw e;
      }
    }
  }

  private static void createTopic(LocalCluster cluster) {
    try (JangadaClient client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()))) {
      client.admin().createTopic(NewTopic.of(TOPIC, PARTITIONS, NODES));
    }
  }

  private void round(int round, LocalCluster cluster, LossyDisks disks, Load load)
      throws Exception {
    int howMany = plan.lying() ? NODES : 1 + (round - 1) % NODES;
    Survivors survivors = plan.lying() ? Survivors.NONE : survivors();
    List<NodeProcess> victims = victims(cluster, howMany);
    long diskSeed = random.nextLong();
    if (plan.lying()) {
      for (NodeProcess victim : victims) {
        lie(disks.of(victim.plan().id()));
      }
    }
    load.awaitMore(AT_LEAST + random.nextInt(UP_TO), PATIENCE);

    // First the disks, so that nothing more becomes durable; the processes live on for moments.
    for (NodeProcess victim : victims) {
      disks.of(victim.plan().id()).powerOff(diskSeed + victim.plan().id(), survivors);
    }
    for (NodeProcess victim : victims) {
      if (victim.running()) {
        victim.kill();
      }
    }
    long acknowledged = load.recorder().acknowledged();
    if (howMany == 1) {
      load.awaitMore(AT_LEAST, PATIENCE);
    }
    long begin = System.nanoTime();
    for (NodeProcess victim : victims) {
      disks.of(victim.plan().id()).honest();
      disks.of(victim.plan().id()).powerOn();
      victim.reboot();
      victim.start();
    }
    cluster.awaitReady(START_PATIENCE);
    long readyMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    load.awaitMore(AT_LEAST, PATIENCE);
    out.printf(
        "round %d: power of %s lost at %,d acknowledged, %s of what was not durable survived"
            + " (seed %d); ready after %,d ms, writing again after %,d ms%n",
        round,
        victims.stream().map(victim -> "broker " + victim.plan().id()).toList(),
        acknowledged,
        survivors,
        diskSeed,
        readyMs,
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
  }

  private Survivors survivors() {
    return random.nextInt(4) == 0 ? Survivors.NONE : Survivors.SOME;
  }

  private List<NodeProcess> victims(LocalCluster cluster, int howMany) {
    List<NodeProcess> nodes = new ArrayList<>(cluster.nodes());
    Collections.shuffle(nodes, random);
    return List.copyOf(nodes.subList(0, howMany));
  }

  /** The metadata quorum is spared: without it nothing could be read, and nothing be seen. */
  private static void lie(LossyFileSystem disk) throws IOException {
    disk.lie(LOG_DIRECTORY);
  }

  private Result result(Load load) throws Exception {
    load.finish();
    History history = load.recorder().history(load.drain(PATIENCE));
    Path file = directory.resolve("history-" + plan.seed() + (plan.lying() ? "-control" : ""));
    HistoryFile.write(file.resolveSibling(file.getFileName() + ".jsonl"), history);
    List<Anomaly> anomalies = HistoryChecker.check(history);
    long lost =
        anomalies.stream()
            .filter(each -> each.kind() == Anomaly.Kind.LOST || each.kind() == Anomaly.Kind.UNSEEN)
            .count();
    return new Result(
        load.recorder().acknowledged(), anomalies, lost, List.copyOf(load.readErrors()));
  }

  private void keepLogs(LocalCluster cluster) throws IOException {
    for (NodeProcess node : cluster.nodes()) {
      Path kept = directory.resolve("broker-" + node.plan().id() + "-seed-" + plan.seed() + ".log");
      Files.copy(
          node.plan().directory().resolve("broker.log"), kept, StandardCopyOption.REPLACE_EXISTING);
      out.println("log of broker " + node.plan().id() + ": " + kept);
    }
  }
}
