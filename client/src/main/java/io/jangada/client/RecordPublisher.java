// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A consumer as a reactive stream for one subscriber. A thread of its own polls while there is
 * demand and calls the subscriber; without demand nothing is polled, and what brokers send ahead is
 * bounded by the consumer's buffer. The publisher owns the consumer and closes it when the stream
 * ends: by {@code cancel}, by an error that a poll throws ({@code onError}), or by {@link #close}
 * ({@code onComplete}). Thread-safe.
 */
public final class RecordPublisher implements Flow.Publisher<ConsumerRecord>, AutoCloseable {
  /** Ends only because somebody woke it. */
  private static final Duration FOR_EVER = Duration.ofDays(3650);

  private final Consumer consumer;
  private final AtomicBoolean subscribed = new AtomicBoolean();
  private final AtomicLong demand = new AtomicLong();
  private volatile boolean cancelled;
  private volatile boolean completed;
  private volatile boolean refusedDemand;
  private final Thread thread;

  // Set before the thread starts.
  private Flow.Subscriber<? super ConsumerRecord> subscriber = new NoSubscriber();

  /**
   * A publisher of what a consumer reads.
   *
   * @param consumer with its partitions assigned; nobody else may use it from now on
   */
  public RecordPublisher(Consumer consumer) {
    this.consumer = consumer;
    this.thread = new Thread(this::run, "jangada-publisher");
    thread.setDaemon(true);
  }

  /** Serves the first subscriber; others get an IllegalStateException. */
  @Override
  public void subscribe(Flow.Subscriber<? super ConsumerRecord> wanted) {
    Objects.requireNonNull(wanted, "subscriber");
    if (!subscribed.compareAndSet(false, true)) {
      wanted.onSubscribe(new Refused());
      wanted.onError(
          new IllegalStateException(
              "expected one subscriber, but there is another: make a publisher for each"));
      return;
    }
    subscriber = wanted;
    wanted.onSubscribe(new Demand());
    thread.start();
  }

  /** Ends the stream; what is demanded and not yet read is not delivered. */
  @Override
  public void close() {
    completed = true;
    if (subscribed.compareAndSet(false, true)) {
      consumer.close();
    } else {
      wake();
    }
  }

  private void run() {
    Deque<ConsumerRecord> polled = new ArrayDeque<>();
    try {
      while (!over()) {
        if (demand.get() == 0) {
          LockSupport.park(this);
        } else if (polled.isEmpty()) {
          polled.addAll(consumer.poll(FOR_EVER));
        } else {
          demand.updateAndGet(d -> d == Long.MAX_VALUE ? d : d - 1);
          subscriber.onNext(polled.removeFirst());
        }
      }
      end(null);
    } catch (RuntimeException e) {
      end(e);
    }
  }

  private boolean over() {
    return cancelled || completed || refusedDemand;
  }

  private void end(@org.jspecify.annotations.Nullable RuntimeException failure) {
    consumer.close();
    if (cancelled) {
      return;
    }
    if (failure != null) {
      subscriber.onError(failure);
    } else if (refusedDemand) {
      subscriber.onError(
          new IllegalArgumentException("expected a demand of 1 or more (reactive streams, 3.9)"));
    } else {
      subscriber.onComplete();
    }
  }

  private void wake() {
    LockSupport.unpark(thread);
    if (Thread.currentThread() != thread) {
      consumer.wakeup();
    }
  }

  private final class Demand implements Flow.Subscription {
    @Override
    public void request(long n) {
      if (n <= 0) {
        refusedDemand = true;
        wake();
        return;
      }
      demand.updateAndGet(d -> d + n < 0 ? Long.MAX_VALUE : d + n);
      LockSupport.unpark(thread);
    }

    @Override
    public void cancel() {
      cancelled = true;
      wake();
    }
  }

  private static final class Refused implements Flow.Subscription {
    @Override
    public void request(long n) {
      // There is nothing to come.
    }

    @Override
    public void cancel() {
      // Over already.
    }
  }

  private static final class NoSubscriber implements Flow.Subscriber<ConsumerRecord> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {}

    @Override
    public void onNext(ConsumerRecord record) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }
}
