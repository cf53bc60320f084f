// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.net;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.jangada.client.BrokerAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * The way to one broker. A gRPC channel that could not connect refuses calls for a second and more;
 * so one that failed is replaced by a new one, which connects at the next call, and the waiting
 * between attempts is done here: 10 ms at first, a quarter of a second at most. Thread-safe.
 *
 * <p>A broker that never answered and cannot be connected to, or has not been for a while, counts
 * as unreachable: then others are asked to pass on. It is tried again in the background now and
 * then.
 */
public final class Connection {
  private static final Duration FIRST_WAIT = Duration.ofMillis(10);
  private static final Duration LONGEST_WAIT = Duration.ofMillis(250);

  /** A broker that answered before is given the time in which its partitions find new leaders. */
  private static final long GIVEN_UP_AFTER_NANOS = Duration.ofSeconds(2).toNanos();

  private static final Duration FIRST_PROBE = Duration.ofSeconds(1);
  private static final Duration LONGEST_BETWEEN_PROBES = Duration.ofSeconds(30);

  private final BrokerAddress address;
  private final Supplier<ManagedChannel> channels;
  private final LongAdder failures;
  private final Backoff backoff = new Backoff(FIRST_WAIT, LONGEST_WAIT);
  private final Backoff probes = new Backoff(FIRST_PROBE, LONGEST_BETWEEN_PROBES);
  private final List<ManagedChannel> retired = new ArrayList<>();
  private ManagedChannel channel;
  private boolean waiting;
  private boolean closed;
  private long usableAtNanos;
  private boolean everAnswered;
  private boolean failing;
  private long failingSinceNanos;
  private long probeAtNanos;

  Connection(BrokerAddress address, Supplier<ManagedChannel> channels, LongAdder failures) {
    this.address = address;
    this.failures = failures;
    this.channels = channels;
    this.channel = channels.get();
  }

  /** Where it leads. */
  public BrokerAddress address() {
    return address;
  }

  /** The channel for the next call. */
  public synchronized ManagedChannel channel() {
    return channel;
  }

  /** How long no call should be tried, in nanoseconds; 0 or less = now is fine. */
  public synchronized long waitNanos(long nowNanos) {
    return waiting ? usableAtNanos - nowNanos : 0;
  }

  /** Says that a call over this channel found no connection or lost it. */
  public synchronized void failed(ManagedChannel used, long nowNanos) {
    if (used != channel || closed) {
      return; // an older one, whose successor has not failed yet; or it fails because we closed it
    }
    failures.increment();
    if (!failing) {
      failing = true;
      failingSinceNanos = nowNanos;
      probeAtNanos = nowNanos + probes.nextNanos();
    }
    waiting = true;
    usableAtNanos = nowNanos + backoff.nextNanos();
    // Other streams may still live on it, so it is only shut: they end by themselves.
    channel.shutdown();
    retired.removeIf(ManagedChannel::isTerminated);
    retired.add(channel);
    channel = channels.get();
  }

  /** Says that the broker answered. */
  public synchronized void answered() {
    waiting = false;
    everAnswered = true;
    failing = false;
    backoff.reset();
    probes.reset();
  }

  /** Whether the broker answered when it was last tried. */
  public synchronized boolean reached() {
    return everAnswered && !failing;
  }

  /** Whether it is better to ask another broker to pass on; tries again from time to time. */
  public boolean unreachable(long nowNanos) {
    ManagedChannel probed;
    synchronized (this) {
      if (closed || !failing) {
        return false;
      }
      if (everAnswered && nowNanos - failingSinceNanos < GIVEN_UP_AFTER_NANOS) {
        return false;
      }
      if (nowNanos - probeAtNanos < 0) {
        return true;
      }
      probeAtNanos = nowNanos + probes.nextNanos();
      probed = channel;
    }
    probed.resetConnectBackoff(); // the waiting between attempts is done here
    awaitReady(probed, probed.getState(true));
    return true;
  }

  private void awaitReady(ManagedChannel probed, ConnectivityState state) {
    switch (state) {
      case READY -> answered();
      case IDLE, CONNECTING ->
          probed.notifyWhenStateChanged(state, () -> awaitReady(probed, probed.getState(false)));
      case TRANSIENT_FAILURE, SHUTDOWN -> {
        // The next probe tries again.
      }
    }
  }

  synchronized void close() {
    closed = true;
    channel.shutdownNow();
    retired.forEach(ManagedChannel::shutdownNow);
  }

  /** Waits until the closed channels have ended, as long as it may. */
  void awaitClosed(long nanos) {
    List<ManagedChannel> ending;
    synchronized (this) {
      ending = new ArrayList<>(retired);
      ending.add(channel);
    }
    long deadline = System.nanoTime() + nanos;
    try {
      for (ManagedChannel each : ending) {
        if (!each.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
