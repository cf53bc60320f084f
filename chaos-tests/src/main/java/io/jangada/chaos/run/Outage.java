// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.run;

import io.jangada.chaos.live.LocalCluster;
import io.jangada.client.Admin;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Kills the leader of a partition that has sends in flight, in the middle of the stream, and starts
 * it again later.
 */
final class Outage {
  private static final double KILL_FROM = 0.45;
  private static final double KILL_UNTIL = 0.60;
  private static final double RESTART_FROM = 0.75;
  private static final long WATCH_NANOS = 200_000;
  private static final Duration ELECTION_PATIENCE = Duration.ofSeconds(30);

  private final LocalCluster cluster;
  private final Admin admin;
  private final String topic;
  private final Ledger ledger;
  private final long totalBytes;
  private final BooleanSupplier streaming;

  /**
   * An outage that has not happened.
   *
   * @param totalBytes what is to be acknowledged altogether
   * @param streaming whether records are still being sent
   */
  Outage(
      LocalCluster cluster,
      Admin admin,
      String topic,
      Ledger ledger,
      long totalBytes,
      BooleanSupplier streaming) {
    this.cluster = cluster;
    this.admin = admin;
    this.topic = topic;
    this.ledger = ledger;
    this.totalBytes = totalBytes;
    this.streaming = streaming;
  }

  /**
   * What happened.
   *
   * @param killed the broker's id
   * @param acknowledgedShare of all bytes, at the kill
   * @param inFlight records that were sent to the killed broker's partitions and not acknowledged
   *     when it was dead
   * @param electedMs from the kill until every one of its partitions was led by another
   */
  record Result(
      int killed,
      double acknowledgedShare,
      long inFlight,
      long electedMs,
      Leaders before,
      Leaders after) {}

  /**
   * Lets it happen; returns when the killed broker's process is started again.
   *
   * @throws IllegalStateException if the stream was over too early or nobody was elected
   */
  Result run() throws Exception {
    awaitAcknowledged(KILL_FROM);
    Leaders before = Leaders.of(admin, topic);
    int partition = busiest(before);
    int victim = before.byPartition().get(partition);
    List<Integer> led = before.ledBy(victim);
    double share = acknowledgedShare();
    if (share > KILL_UNTIL) {
      throw new IllegalStateException(
          "expected to kill between 40 and 60 %% acknowledged, but it is at %.0f %%"
              .formatted(share * 100));
    }
    cluster.node(victim).kill();
    long killedNanos = System.nanoTime();
    long inFlight = led.stream().mapToLong(ledger::inFlight).sum();
    System.out.printf(
        "killed broker %d (kill -9) at %.0f %% acknowledged, with %,d records in flight to it%n",
        victim, share * 100, inFlight);
    Leaders after = awaitMoved(led, victim, killedNanos);
    long electedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killedNanos);
    System.out.printf("its partitions %s have other leaders after %,d ms%n", led, electedMs);
    awaitAcknowledged(RESTART_FROM);
    cluster.node(victim).start();
    System.out.printf("started broker %d again%n", victim);
    return new Result(victim, share, inFlight, electedMs, before, after);
  }

  private double acknowledgedShare() {
    return (double) ledger.acknowledgedBytes() / totalBytes;
  }

  private void awaitAcknowledged(double share) {
    while (acknowledgedShare() < share && streaming.getAsBoolean()) {
      LockSupport.parkNanos(WATCH_NANOS);
    }
  }

  /** The partition with the most sends in flight, waiting until one has any. */
  private int busiest(Leaders leaders) {
    while (streaming.getAsBoolean()) {
      int busiest = -1;
      for (int partition : leaders.byPartition().keySet()) {
        boolean led = leaders.byPartition().get(partition) >= 0;
        if (led && ledger.inFlight(partition) > (busiest < 0 ? 0 : ledger.inFlight(busiest))) {
          busiest = partition;
        }
      }
      if (busiest >= 0) {
        return busiest;
      }
      LockSupport.parkNanos(WATCH_NANOS);
    }
    throw new IllegalStateException(
        "expected sends in flight at half of the stream, but it is over: " + ledger.error());
  }

  private Leaders awaitMoved(List<Integer> partitions, int from, long sinceNanos)
      throws InterruptedException {
    Leaders leaders = Leaders.of(admin, topic);
    while (!leaders.moved(partitions, from)) {
      if (System.nanoTime() - sinceNanos > ELECTION_PATIENCE.toNanos()) {
        throw new IllegalStateException(
            "expected other leaders than broker "
                + from
                + " for "
                + partitions
                + ", but they are "
                + leaders.byPartition());
      }
      TimeUnit.MILLISECONDS.sleep(5);
      leaders = Leaders.of(admin, topic);
    }
    return leaders;
  }
}
