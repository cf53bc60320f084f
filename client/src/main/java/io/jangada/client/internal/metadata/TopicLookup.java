// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.metadata;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Finds topics by name, waiting for the metadata where it has to. Thread-safe. */
public final class TopicLookup {
  /** How long brokers may say that a topic does not exist: one just created is news to some. */
  private static final long PATIENCE_NANOS = Duration.ofSeconds(2).toNanos();

  private static final long ASK_AGAIN_NANOS = Duration.ofMillis(250).toNanos();

  private final MetadataCache cache;
  private final MetadataUpdater updater;

  /** A lookup in a cache that an updater keeps fresh. */
  public TopicLookup(MetadataCache cache, MetadataUpdater updater) {
    this.cache = cache;
    this.updater = updater;
  }

  /**
   * A topic.
   *
   * @throws JangadaException UNKNOWN_TOPIC if there is none of that name; UNAVAILABLE if no broker
   *     has told in time; both definite
   */
  public TopicView await(String name, long timeoutNanos) {
    TopicView known = known(name);
    if (known != null) {
      return known;
    }
    try {
      return awaitUnknown(name, timeoutNanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JangadaException(
          ErrorCode.REQUEST_TIMED_OUT,
          "expected time to find topic " + name + ", but the thread was interrupted",
          "",
          true,
          e);
    }
  }

  /** A topic that was waited for before and still exists, or null. */
  public @Nullable TopicView known(String name) {
    return cache.view().topics().get(name);
  }

  private TopicView awaitUnknown(String name, long timeoutNanos) throws InterruptedException {
    long begun = System.nanoTime();
    updater.want(name);
    while (true) {
      MetadataView view = cache.view();
      TopicView topic = view.topics().get(name);
      if (topic != null) {
        return topic;
      }
      long waited = System.nanoTime() - begun;
      boolean missing = view.missing().containsKey(name);
      if ((missing && waited > PATIENCE_NANOS) || waited >= timeoutNanos) {
        throw missing ? unknown(name) : unavailable(name, timeoutNanos);
      }
      cache.awaitChange(view, Math.min(ASK_AGAIN_NANOS, timeoutNanos - waited));
      if (cache.view().equals(view)) {
        updater.refresh(null);
      }
    }
  }

  private static JangadaException unknown(String name) {
    return new JangadaException(
        ErrorCode.UNKNOWN_TOPIC,
        "expected topic " + name + " to exist, but the cluster has no topic of that name",
        "create it: jangada topic create " + name);
  }

  private static JangadaException unavailable(String name, long timeoutNanos) {
    return new JangadaException(
        ErrorCode.UNAVAILABLE,
        "expected a broker to tell about topic "
            + name
            + " within "
            + timeoutNanos / 1_000_000
            + " ms, but none did",
        "look whether brokers run at the bootstrap addresses");
  }
}
