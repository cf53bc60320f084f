// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.meters;

import io.jangada.client.Meter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** The counters of one client, over all its producers and consumers. Thread-safe. */
public final class ClientMeters {
  private static final double NANOS_PER_SECOND = 1e9;

  /** Records in batches that were acknowledged. */
  public final LongAdder recordsAcknowledged = new LongAdder();

  /** Bytes of batches, as sent, that were acknowledged. */
  public final LongAdder bytesAcknowledged = new LongAdder();

  /** Records that were given up and surely not written. */
  public final LongAdder recordsFailed = new LongAdder();

  /** Records that were given up and may have been written. */
  public final LongAdder recordsInDoubt = new LongAdder();

  /** Records that {@code send} refused at once. */
  public final LongAdder recordsRefused = new LongAdder();

  /** Batches sent, repetitions included. */
  public final LongAdder batchesSent = new LongAdder();

  /** Attempts that were refused or lost. */
  public final LongAdder attemptsFailed = new LongAdder();

  /** Batches sent to a broker that does not lead, to be passed on. */
  public final LongAdder batchesForwarded = new LongAdder();

  /** Calls of {@code send} that had to wait for room. */
  public final LongAdder bufferWaits = new LongAdder();

  /** Answers to batches. */
  public final LongAdder answers = new LongAdder();

  /** Nanoseconds from sending batches to their answers, all added. */
  public final LongAdder answerNanos = new LongAdder();

  /** Records that {@code poll} returned. */
  public final LongAdder recordsRead = new LongAdder();

  /** Bytes of batches that were received. */
  public final LongAdder bytesReceived = new LongAdder();

  /** Times that the reading of a partition ended and had to be begun again. */
  public final LongAdder readsMoved = new LongAdder();

  /** Readings begun at a broker that does not lead and passes on. */
  public final LongAdder readsForwarded = new LongAdder();

  /** Readings begun at a follower. */
  public final LongAdder readsFromFollowers = new LongAdder();

  /** Heartbeats of members of groups, repetitions included. */
  public final LongAdder heartbeats = new LongAdder();

  /** Heartbeats that were refused or lost. */
  public final LongAdder heartbeatsFailed = new LongAdder();

  /** Changes of a member's partitions. */
  public final LongAdder rebalances = new LongAdder();

  /** Partitions that a member was too late to give up. */
  public final LongAdder partitionsLost = new LongAdder();

  /** Commits that were acknowledged. */
  public final LongAdder commits = new LongAdder();

  /** Commits that were given up. */
  public final LongAdder commitsFailed = new LongAdder();

  /** Questions for metadata besides the stream. */
  public final LongAdder metadataRefreshes = new LongAdder();

  /** Connections that could not be made or broke. */
  public final LongAdder connectionsFailed = new LongAdder();

  /** Attempts of calls of the admin interface. */
  public final LongAdder adminCalls = new LongAdder();

  private final Set<LongSupplier> buffers = ConcurrentHashMap.newKeySet();
  private final List<Meter> all = new ArrayList<>();

  /** Nothing is counted yet. */
  public ClientMeters() {
    String producer = "jangada.producer.";
    counter(producer + "records.acknowledged", "records", recordsAcknowledged, "acknowledged");
    counter(producer + "bytes.acknowledged", "bytes", bytesAcknowledged, "acknowledged batches");
    counter(producer + "records.failed", "records", recordsFailed, "surely not written");
    counter(producer + "records.in.doubt", "records", recordsInDoubt, "given up, perhaps written");
    counter(producer + "records.refused", "records", recordsRefused, "refused by send at once");
    counter(producer + "batches.sent", "batches", batchesSent, "sent, repetitions included");
    counter(producer + "batches.forwarded", "batches", batchesForwarded, "sent to a non-leader");
    counter(producer + "attempts.failed", "attempts", attemptsFailed, "batches refused or lost");
    counter(producer + "buffer.waits", "calls", bufferWaits, "sends that waited for room");
    counter(producer + "answers", "answers", answers, "answers to batches");
    add(
        producer + "answer.time",
        Meter.Kind.COUNTER,
        "seconds",
        "from sending batches to their answers, all added: divide by the answers",
        () -> answerNanos.sum() / NANOS_PER_SECOND);
    add(
        producer + "buffer.used",
        Meter.Kind.GAUGE,
        "bytes",
        "waiting or in flight in all producers",
        () -> buffers.stream().mapToLong(LongSupplier::getAsLong).sum());
    String consumer = "jangada.consumer.";
    counter(consumer + "records.read", "records", recordsRead, "returned by poll");
    counter(consumer + "bytes.received", "bytes", bytesReceived, "batches received");
    counter(consumer + "reads.moved", "reads", readsMoved, "partitions begun again elsewhere");
    counter(consumer + "reads.forwarded", "reads", readsForwarded, "begun through a non-leader");
    counter(consumer + "reads.followers", "reads", readsFromFollowers, "begun at a follower");
    counter(consumer + "heartbeats", "heartbeats", heartbeats, "sent, repetitions included");
    counter(consumer + "heartbeats.failed", "heartbeats", heartbeatsFailed, "refused or lost");
    counter(consumer + "rebalances", "rebalances", rebalances, "changes of a member's partitions");
    counter(consumer + "partitions.lost", "partitions", partitionsLost, "taken away by the group");
    counter(consumer + "commits", "commits", commits, "acknowledged");
    counter(consumer + "commits.failed", "commits", commitsFailed, "given up");
    String client = "jangada.client.";
    counter(client + "metadata.refreshes", "calls", metadataRefreshes, "asked besides the stream");
    counter(client + "connections.failed", "connections", connectionsFailed, "lost or not made");
    counter(client + "admin.calls", "calls", adminCalls, "attempts of admin calls");
    all.sort(Comparator.comparing(Meter::name));
  }

  /** The counters as others see them. */
  public List<Meter> meters() {
    return List.copyOf(all);
  }

  /** Counts a producer's buffer until the returned action is run. */
  public Runnable watchBuffer(LongSupplier usedBytes) {
    buffers.add(usedBytes);
    return () -> buffers.remove(usedBytes);
  }

  private void counter(String name, String unit, LongAdder adder, String help) {
    add(name, Meter.Kind.COUNTER, unit, help, adder::sum);
  }

  private void add(String name, Meter.Kind kind, String unit, String help, DoubleSupplier reading) {
    all.add(new Meter(name, kind, unit, help, reading));
  }
}
