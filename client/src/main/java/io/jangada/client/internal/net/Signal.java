// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.net;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Wakes one thread that waits for work, without a lock: what was enqueued before {@link #raise} is
 * seen after {@link #await}. {@code raise} may be called from any thread, {@code await} from one.
 */
public final class Signal {
  private final AtomicBoolean raised = new AtomicBoolean();
  private volatile @Nullable Thread waiter;

  /** Lets the waiting thread, or its next wait, go on. */
  public void raise() {
    if (!raised.get() && raised.compareAndSet(false, true)) {
      LockSupport.unpark(waiter);
    }
  }

  /** Waits until raised, interrupted or the time is over. */
  public void await(long nanos) {
    waiter = Thread.currentThread();
    if (!raised.get() && nanos > 0) {
      LockSupport.parkNanos(this, nanos);
    }
    raised.set(false);
  }
}
