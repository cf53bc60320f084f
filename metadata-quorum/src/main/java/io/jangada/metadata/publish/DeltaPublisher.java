// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.publish;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.metadata.store.Change;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends changes to subscribers on one thread of its own, so that a slow one delays neither the log
 * nor, beyond a page, the others. Thread-safe.
 */
public final class DeltaPublisher implements AutoCloseable {
  /** No index: the subscriber is sent the whole state. */
  public static final long FROM_NOTHING = -1;

  private static final Logger LOG = LoggerFactory.getLogger(DeltaPublisher.class);
  private static final int RECENT_CHANGES = 2_000;
  private static final long RECENT_BYTES = 16 << 20;
  private static final int MAX_SUBSCRIBERS = 10_000;

  private final ChangeSource source;
  private final Path directory;
  private final RecentChanges recent = new RecentChanges(RECENT_CHANGES, RECENT_BYTES);
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("jangada-metadata-publisher").factory());
  private final AtomicBoolean drainScheduled = new AtomicBoolean();
  private final Set<Subscription> subscriptions = new LinkedHashSet<>();

  /**
   * Starts the publisher's thread.
   *
   * @param directory where snapshots on their way lie
   * @param progressInterval how often a quiet subscriber is told the member's index
   */
  public DeltaPublisher(ChangeSource source, Path directory, java.time.Duration progressInterval) {
    this.source = source;
    this.directory = directory;
    long ms = progressInterval.toMillis();
    var unused = thread.scheduleAtFixedRate(this::progress, ms, ms, TimeUnit.MILLISECONDS);
  }

  /** What a subscriber holds. */
  public interface Handle {
    /** The sink has become ready again. */
    void ready();

    /** The subscriber is gone. */
    void cancel();
  }

  /** A change was applied. Never blocks. */
  public void published(Change change) {
    recent.add(change);
    scheduleDrain();
  }

  /** An entry without effect was applied: nothing to send but its index. Never blocks. */
  public void advanced() {
    scheduleDrain();
  }

  /** The whole state was replaced: what memory held does not lead to it. */
  public void replaced() {
    recent.clear();
    scheduleDrain();
  }

  /** Adds a subscriber that has applied everything up to an index, or {@link #FROM_NOTHING}. */
  public Handle subscribe(long fromIndex, DeltaSink sink) {
    Subscription subscription = new Subscription(source, recent, directory, sink, fromIndex);
    execute(() -> add(subscription));
    return new Handle() {
      @Override
      public void ready() {
        execute(() -> advance(subscription));
      }

      @Override
      public void cancel() {
        execute(() -> remove(subscription));
      }
    };
  }

  private void add(Subscription subscription) {
    if (subscriptions.size() >= MAX_SUBSCRIBERS) {
      subscription
          .sink()
          .failed(
              new JangadaException(
                  ErrorCode.OVERLOADED,
                  "expected at most " + MAX_SUBSCRIBERS + " subscribers, but there are more"));
      return;
    }
    subscriptions.add(subscription);
    advance(subscription);
  }

  private void scheduleDrain() {
    if (drainScheduled.compareAndSet(false, true)) {
      execute(
          () -> {
            drainScheduled.set(false);
            long index = source.appliedIndex();
            List.copyOf(subscriptions).forEach(s -> attempt(s, () -> s.progress(index)));
          });
    }
  }

  private void advance(Subscription subscription) {
    attempt(subscription, subscription::advance);
  }

  private interface Step {
    void run() throws IOException;
  }

  private void attempt(Subscription subscription, Step step) {
    if (!subscriptions.contains(subscription)) {
      return;
    }
    try {
      step.run();
    } catch (IOException | RuntimeException e) {
      LOG.warn("a metadata subscriber is dropped", e);
      remove(subscription);
      subscription
          .sink()
          .failed(
              new JangadaException(
                  ErrorCode.STORAGE_ERROR,
                  "expected to send the metadata, but " + e.getMessage(),
                  "subscribe again",
                  true,
                  e));
    }
  }

  private void progress() {
    long index = source.appliedIndex();
    List.copyOf(subscriptions).forEach(s -> attempt(s, () -> s.stillHere(index)));
  }

  private void remove(Subscription subscription) {
    subscriptions.remove(subscription);
    try {
      subscription.close();
    } catch (IOException e) {
      LOG.warn("a snapshot on its way could not be closed", e);
    }
  }

  private void execute(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("the publisher is closed", e);
    }
  }

  @Override
  public void close() {
    execute(() -> List.copyOf(subscriptions).forEach(this::end));
    thread.shutdown();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("the publisher's thread did not end within 5 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void end(Subscription subscription) {
    remove(subscription);
    subscription
        .sink()
        .failed(
            new JangadaException(
                ErrorCode.SHUTTING_DOWN, "expected this member to run, but it is stopping"));
  }
}
