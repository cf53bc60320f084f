// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.ErrorCode;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Says who may come in, so that what waits stays within its bounds. Thread-safe. */
final class Admission {
  private final long diskReserveBytes;
  private final AtomicLong appendBytes = new AtomicLong();
  private final AtomicInteger parkedReaders = new AtomicInteger();
  private volatile ReplicationTuning limits;
  private volatile boolean diskFull;

  Admission(ReplicationTuning limits, long diskReserveBytes) {
    this.limits = limits;
    this.diskReserveBytes = diskReserveBytes;
  }

  /** Other limits for whoever comes from now on. */
  void tune(ReplicationTuning newLimits) {
    limits = newLimits;
  }

  /** Why an append of that size is not let in, or null if it is; then it has to be released. */
  @Nullable ErrorCode admitAppend(int bytes) {
    if (diskFull) {
      return ErrorCode.DISK_FULL;
    }
    if (appendBytes.addAndGet(bytes) > limits.appendBytes()) {
      appendBytes.addAndGet(-bytes);
      return ErrorCode.OVERLOADED;
    }
    return null;
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

  /** Rule 20: below the reserve appends are refused before anything is done. */
  void usableBytes(long bytes) {
    diskFull = bytes < diskReserveBytes;
  }
}
