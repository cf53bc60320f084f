// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.run;

import io.jangada.chaos.live.Distribution;
import io.jangada.chaos.live.LocalCluster;
import io.jangada.client.Admin;
import io.jangada.client.ClientConfig;
import io.jangada.client.Consumer;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import io.jangada.client.Producer;
import io.jangada.client.ProducerConfig;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The program behind {@code make run}: three broker processes, a real file streamed through them,
 * the leader of a partition killed on the way and started again, everything read back and compared.
 * Ends with 1 if anything acknowledged was lost, altered or written twice, if no send was in flight
 * at the kill, or if no leader changed.
 */
public final class Run {
  private static final String TOPIC = "run";
  private static final int NODES = 3;
  private static final int PARTITIONS = 6;
  private static final int AT_LEAST_SECONDS = 24;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Settings settings;

  private Run(Settings settings) {
    this.settings = settings;
  }

  /** Takes its settings from the environment. */
  public static void main(String[] arguments) {
    int exitCode = 1;
    try {
      exitCode = new Run(Settings.of(System.getenv())).run();
    } catch (Exception e) {
      System.err.println("FAILED: " + e.getMessage());
      e.printStackTrace();
    }
    System.exit(exitCode);
  }

  private int run() throws Exception {
    Distribution distribution = Distribution.ofBuild();
    long startNanos = System.nanoTime();
    try (LocalCluster cluster =
            LocalCluster.start(
                new LocalCluster.Options(
                    distribution, NODES, Map.of(), settings.directory(), false, true));
        JangadaClient client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()))) {
      System.out.printf(
          "%d brokers ready after %,d ms, formatting included: %s%n",
          NODES,
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos),
          cluster.bootstrap());
      boolean held = stream(cluster, client);
      if (!held || settings.once()) {
        System.out.println("data and logs: " + settings.directory());
        return held ? 0 : 1;
      }
      System.out.println(Report.endpoints(cluster, TOPIC, distribution.executable()));
      new CountDownLatch(1).await();
      return 0;
    }
  }

  private boolean stream(LocalCluster cluster, JangadaClient client) throws Exception {
    Admin admin = client.admin();
    admin.createTopic(NewTopic.of(TOPIC, PARTITIONS, NODES));
    Leaders.awaitInSync(admin, TOPIC, NODES, PATIENCE);
    long bytes = Files.size(settings.input());
    System.out.printf("streaming %s (%.1f MB) into %s%n", settings.input(), bytes / 1e6, TOPIC);

    Ledger ledger = new Ledger(PARTITIONS);
    Outage.Result outage;
    long startNanos = System.nanoTime();
    try (Producer producer = client.producer(ProducerConfig.defaults())) {
      Streaming streaming =
          new Streaming(settings.input(), TOPIC, PARTITIONS, producer, ledger, AT_LEAST_SECONDS);
      Thread sender = Thread.ofPlatform().name("jangada-run-sender").start(streaming);
      outage = new Outage(cluster, admin, TOPIC, ledger, bytes, sender::isAlive).run();
      sender.join();
      Throwable failure = streaming.failure();
      if (failure != null) {
        System.out.println("FAILED: the stream ended early: " + failure);
      }
    }
    long writeMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    cluster.awaitReady();
    long inSyncMs = Leaders.awaitInSync(admin, TOPIC, NODES, PATIENCE);
    Comparison comparison;
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      comparison = Comparison.of(settings.input(), ledger, consumer, TOPIC, PARTITIONS);
    }
    System.out.println();
    System.out.print(Report.figures(comparison, ledger, outage, writeMs, inSyncMs));
    System.out.println(Report.leaders(outage.before(), outage.after(), Leaders.of(admin, TOPIC)));
    return verdict(comparison, ledger, outage);
  }

  private static boolean verdict(Comparison comparison, Ledger ledger, Outage.Result outage) {
    boolean complete = ledger.acknowledgedRecords() == comparison.in();
    boolean inFlight = outage.inFlight() > 0;
    boolean moved = !outage.before().byPartition().equals(outage.after().byPartition());
    say(complete, "every line of the file was acknowledged");
    say(comparison.holds(), "everything acknowledged was read back once, unaltered, in order");
    say(inFlight, "sends were in flight at the kill");
    say(moved, "a leader changed");
    return complete && comparison.holds() && inFlight && moved;
  }

  private static void say(boolean holds, String what) {
    System.out.println((holds ? "ok      " : "FAILED  ") + what);
  }
}
