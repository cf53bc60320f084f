// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.net;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Waiting times that double from a first to a longest one, each off by up to a fifth so that
 * clients do not march in step. Not thread-safe.
 */
public final class Backoff {
  private static final double SPREAD = 0.2;

  private final long firstNanos;
  private final long longestNanos;
  private long nextNanos;

  /** A backoff that begins with its first time. */
  public Backoff(Duration first, Duration longest) {
    this.firstNanos = first.toNanos();
    this.longestNanos = longest.toNanos();
    this.nextNanos = firstNanos;
  }

  /** What a client waits after a broker could not do a thing: 10 ms, up to half a second. */
  public static Backoff ofRetries() {
    return new Backoff(Duration.ofMillis(10), Duration.ofMillis(500));
  }

  /** How long to wait now; the next time it is more. */
  public long nextNanos() {
    long now = nextNanos;
    nextNanos = Math.min(longestNanos, 2 * nextNanos);
    return (long) (now * (1 + ThreadLocalRandom.current().nextDouble(-SPREAD, SPREAD)));
  }

  /** Begins with the first time again. */
  public void reset() {
    nextNanos = firstNanos;
  }
}
