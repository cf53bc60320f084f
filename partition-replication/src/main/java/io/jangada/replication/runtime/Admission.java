// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Says who may come in, so that what waits stays within its bounds. Thread-safe. */
final class Admission {
  private final AtomicLong appendBytes = new AtomicLong();
  private final AtomicInteger parkedReaders = new AtomicInteger();
  private volatile ReplicationTuning limits;

  Admission(ReplicationTuning limits) {
    this.limits = limits;
  }

  /** Other limits for whoever comes from now on. */
  void tune(ReplicationTuning newLimits) {
    limits = newLimits;
  }

  /** Whether an append of that size may come in; if so it has to be released. */
  boolean admitAppend(int bytes) {
    if (appendBytes.addAndGet(bytes) > limits.appendBytes()) {
      appendBytes.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void releaseAppend(int bytes) {
    appendBytes.addAndGet(-bytes);
  }

  long appendBytes() {
    return appendBytes.get();
  }

  /** Whether another reader may wait; if so it has to be released. */
  boolean admitReader() {
    if (parkedReaders.incrementAndGet() > limits.parkedReaders()) {
      parkedReaders.decrementAndGet();
      return false;
    }
    return true;
  }

  void releaseReader() {
    parkedReaders.decrementAndGet();
  }

  int parkedReaders() {
    return parkedReaders.get();
  }
}
