// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** The readers that wait at the end of one partition. Thread-safe. */
final class ParkedReaders {
  private final Admission admission;
  private final Set<Parked> waiting = new HashSet<>();

  ParkedReaders(Admission admission) {
    this.admission = admission;
  }

  /**
   * Lets a reader wait until the high watermark is above the offset.
   *
   * @throws JangadaException {@code OVERLOADED} if too many wait
   */
  Parked park(long offset, Runnable wake) {
    if (!admission.admitReader()) {
      throw new JangadaException(
          ErrorCode.OVERLOADED,
          "expected room for another waiting reader, but " + admission.parkedReaders() + " wait");
    }
    Parked parked = new Parked(offset, wake);
    synchronized (waiting) {
      waiting.add(parked);
    }
    return parked;
  }

  /** Wakes those for whom there is something to read. */
  void wake(long highWatermark) {
    List<Parked> woken = new ArrayList<>();
    synchronized (waiting) {
      Iterator<Parked> all = waiting.iterator();
      while (all.hasNext()) {
        Parked parked = all.next();
        if (parked.offset < highWatermark) {
          all.remove();
          woken.add(parked);
        }
      }
    }
    woken.forEach(Parked::wake);
  }

  /** Wakes everyone. */
  void wakeAll() {
    wake(Long.MAX_VALUE);
  }

  /** One of them. */
  final class Parked implements ParkedReader {
    private final long offset;
    private final Runnable callback;
    private final AtomicBoolean done = new AtomicBoolean();

    Parked(long offset, Runnable callback) {
      this.offset = offset;
      this.callback = callback;
    }

    /** Calls back, unless that was done or the reader has gone. */
    void wake() {
      if (finish()) {
        callback.run();
      }
    }

    @Override
    public void close() {
      finish();
    }

    private boolean finish() {
      if (!done.compareAndSet(false, true)) {
        return false;
      }
      synchronized (waiting) {
        waiting.remove(this);
      }
      admission.releaseReader();
      return true;
    }
  }
}
