// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.metadata;

import io.jangada.api.v1.MetadataServiceGrpc;
import io.jangada.client.BrokerAddress;
import io.jangada.client.ClientConfig;
import io.jangada.client.internal.net.Backoff;
import io.jangada.client.internal.net.Connection;
import io.jangada.client.internal.net.Signal;
import io.jangada.client.internal.net.UnaryCall;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the view fresh, on a thread of its own. One stream brings what changes; whoever meets an
 * outdated leader asks for a {@link #refresh} besides, which goes to another broker than the one
 * that is watched, because that one may be cut off. Thread-safe.
 */
public final class MetadataUpdater implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MetadataUpdater.class);

  /** Between two questions, so that many outdated partitions ask one. */
  private static final long SHORTEST_PAUSE_NANOS = Duration.ofMillis(20).toNanos();

  /** Even without a reason: the watched broker may be cut off and not know it. */
  private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(5).toNanos();

  /** A stream that lasted this long was no failed attempt. */
  private static final long HEALTHY_AGE_NANOS = Duration.ofSeconds(1).toNanos();

  /** Nothing on the thread waits for long; no caller of close is held up for more. */
  private static final long THREAD_ENDS_MS = 1_000;

  private final MetadataCache cache;
  private final BrokerRotation rotation;
  private final Duration attemptTimeout;
  private final LongAdder refreshes;
  private final Signal signal = new Signal();
  private final Set<String> topics = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean refreshWanted;
  private volatile boolean asking;
  private volatile @Nullable BrokerAddress suspect;

  // Only the updater's own thread touches these.
  private final Backoff openings = Backoff.ofRetries();
  private @Nullable MetadataWatch watch;
  private long mayOpenAtNanos;
  private long askedAtNanos;

  /**
   * An updater that begins when the first topic is wanted.
   *
   * @param refreshes counts the questions besides the stream
   */
  public MetadataUpdater(
      ClientConfig config, MetadataCache cache, BrokerRotation rotation, LongAdder refreshes) {
    this.refreshes = refreshes;
    this.cache = cache;
    this.rotation = rotation;
    this.attemptTimeout = config.attemptTimeout();
    this.thread = new Thread(this::run, "jangada-client-metadata");
    thread.setDaemon(true);
  }

  /** Keeps an eye on a topic from now on. */
  public void want(String topic) {
    if (topics.add(topic)) {
      synchronized (thread) {
        if (thread.getState() == Thread.State.NEW && !closed) {
          thread.start();
        }
      }
      refresh(null);
    }
  }

  /**
   * Asks for a newer view, soon.
   *
   * @param gone a broker whose connection broke, or null; if it is the watched one, another is
   *     watched at once
   */
  public void refresh(@Nullable BrokerAddress gone) {
    if (gone != null) {
      suspect = gone;
    }
    refreshWanted = true;
    signal.raise();
  }

  /** Ends the thread and its stream, before the connections under it end. */
  @Override
  public void close() {
    closed = true;
    signal.raise();
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join(THREAD_ENDS_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    askedAtNanos = System.nanoTime() - SHORTEST_PAUSE_NANOS;
    while (!closed) {
      try {
        long now = System.nanoTime();
        long wait = Math.min(keepWatching(now), askWhereWanted(now));
        signal.await(wait);
      } catch (RuntimeException e) {
        if (!closed) {
          LOG.error("the metadata thread met a defect and goes on", e);
          signal.await(SHORTEST_PAUSE_NANOS);
        }
      }
    }
    if (watch != null) {
      watch.cancel();
    }
  }

  /** Sees to it that some broker is watched; returns how long nothing has to be done. */
  private long keepWatching(long now) {
    MetadataWatch current = watch;
    BrokerAddress gone = suspect;
    suspect = null;
    long patience = attemptTimeout.toNanos();
    if (current != null && !current.ended()) {
      if (!current.overdue(now, patience) && !current.address().equals(gone)) {
        if (!current.covers(topics)) {
          // The same broker with more topics, so that what is known stays of one age.
          watch = open(current.connection(), now);
          current.cancel();
        }
        return patience;
      }
      LOG.debug("leaving {} for another broker to watch", current.address());
      current.cancel();
    }
    if (current != null && now < mayOpenAtNanos) {
      return mayOpenAtNanos - now;
    }
    Optional<Connection> next = rotation.next(now, gone);
    if (next.isEmpty()) {
      return Math.max(1, rotation.waitNanos(now));
    }
    if (current != null && current.ageNanos(now) > HEALTHY_AGE_NANOS) {
      openings.reset();
    }
    mayOpenAtNanos = now + openings.nextNanos();
    watch = open(next.get(), now);
    return patience;
  }

  private MetadataWatch open(Connection connection, long now) {
    return MetadataWatch.open(connection, Set.copyOf(topics), now, cache::merge, signal::raise);
  }

  /** Asks a broker once if somebody wants that; returns how long nothing has to be done. */
  private long askWhereWanted(long now) {
    if (asking) {
      return LONGEST_PAUSE_NANOS; // its end raises the signal
    }
    long since = now - askedAtNanos;
    if (!refreshWanted && since < LONGEST_PAUSE_NANOS) {
      return LONGEST_PAUSE_NANOS - since;
    }
    if (since < SHORTEST_PAUSE_NANOS) {
      return SHORTEST_PAUSE_NANOS - since;
    }
    Optional<Connection> next = rotation.next(now, watch == null ? null : watch.address());
    if (next.isEmpty()) {
      return Math.max(1, rotation.waitNanos(now));
    }
    refreshWanted = false;
    asking = true;
    askedAtNanos = now;
    refreshes.increment();
    UnaryCall.ask(
        next.get(),
        MetadataServiceGrpc.getGetMetadataMethod(),
        MetadataWatch.request(Set.copyOf(topics)),
        attemptTimeout,
        (snapshot, failure) -> {
          if (snapshot != null) {
            cache.merge(snapshot);
          } else {
            LOG.debug("{} did not tell metadata", next.get().address(), failure);
            refreshWanted = true;
          }
          asking = false;
          signal.raise();
        });
    return LONGEST_PAUSE_NANOS;
  }
}
