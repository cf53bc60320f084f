// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.metadata;

import io.jangada.api.v1.LeaderHint;
import io.jangada.api.v1.MetadataSnapshot;
import io.jangada.common.TopicPartition;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Holds the current view and tells those who wait for a new one. Thread-safe. */
public final class MetadataCache {
  private static final long NANOS_PER_MS = 1_000_000;

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Object writing = new Object();
  private volatile MetadataView view = MetadataView.EMPTY;

  /** What is known now. */
  public MetadataView view() {
    return view;
  }

  /** Takes in what a broker answered. */
  public void merge(MetadataSnapshot snapshot) {
    change(v -> v.merge(snapshot));
  }

  /** Takes in what an error said about a leader. */
  public void learn(TopicPartition partition, LeaderHint hint) {
    change(v -> v.learn(partition, hint));
  }

  /** Calls back after every change, on whatever thread it came by; it must not block. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Undoes {@link #onChange}. */
  public void forget(Runnable listener) {
    listeners.remove(listener);
  }

  /** Waits until the view is another than the one seen, or the time is over. */
  public void awaitChange(MetadataView seen, long nanos) throws InterruptedException {
    long deadline = System.nanoTime() + nanos;
    synchronized (writing) {
      long left = nanos;
      while (view.equals(seen) && left > 0) {
        // Never 0, which would wait for ever.
        writing.wait(left / NANOS_PER_MS + 1);
        left = deadline - System.nanoTime();
      }
    }
  }

  private void change(UnaryOperator<MetadataView> how) {
    synchronized (writing) {
      MetadataView before = view;
      MetadataView after = how.apply(before);
      if (after.equals(before)) {
        return;
      }
      view = after;
      writing.notifyAll();
    }
    listeners.forEach(Runnable::run);
  }
}
