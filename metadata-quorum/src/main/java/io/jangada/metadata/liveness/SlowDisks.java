// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.liveness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The brokers whose disks stall: the oldest fsync that they have not finished is older than is
 * forgiven (REPLICATION.md, rule 13).
 *
 * <pre>
 *   healthy --old sync--> stalled: relieve it, as a whole
 *   stalled --old sync--> stalled: relieve it of leaderships again, not more than once a second
 *   stalled --young sync, or nothing heard--> healthy
 * </pre>
 *
 * <p>Not thread-safe; owned by the controller's thread. Time is an argument, from a monotonic
 * clock.
 */
public final class SlowDisks {
  private static final long REPEAT_NANOS = Duration.ofSeconds(1).toNanos();

  /** What a broker last said counts for that long. */
  private static final long VALID_NANOS = Duration.ofSeconds(5).toNanos();

  /**
   * A broker to relieve.
   *
   * @param slow all brokers whose disks stall now
   * @param leadershipsOnly whether it was relieved as a whole before
   */
  public record Relief(int brokerId, Set<Integer> slow, boolean leadershipsOnly) {
    /** Copies the set. */
    public Relief {
      slow = Set.copyOf(slow);
    }
  }

  private static final class Stall {
    long heardNanos;
    long reliefNanos;
    boolean relieved;
  }

  private final Duration stallTimeout;
  private final Map<Integer, Stall> stalls = new TreeMap<>();

  /**
   * All are healthy.
   *
   * @param stallTimeout how old an unfinished fsync may become, unless it is said otherwise
   */
  public SlowDisks(Duration stallTimeout) {
    this.stallTimeout = stallTimeout;
  }

  /** A broker says how old its oldest unfinished fsync is; 0 where none runs. */
  public void heard(int brokerId, long oldestSyncAgeMs, long nowNanos) {
    heard(brokerId, oldestSyncAgeMs, stallTimeout, nowNanos);
  }

  /** The same, where another age counts for that broker now. */
  public void heard(int brokerId, long oldestSyncAgeMs, Duration mayBecome, long nowNanos) {
    if (oldestSyncAgeMs < mayBecome.toMillis()) {
      stalls.remove(brokerId);
      return;
    }
    Stall stall = stalls.get(brokerId);
    if (stall == null) {
      stall = new Stall();
      stall.reliefNanos = nowNanos;
      stalls.put(brokerId, stall);
    }
    stall.heardNanos = nowNanos;
  }

  /** Whom to relieve now; each is returned once when it is due. */
  public List<Relief> due(long nowNanos) {
    stalls.values().removeIf(stall -> nowNanos - stall.heardNanos >= VALID_NANOS);
    List<Relief> due = new ArrayList<>();
    stalls.forEach(
        (brokerId, stall) -> {
          if (nowNanos - stall.reliefNanos >= 0) {
            due.add(new Relief(brokerId, new TreeSet<>(stalls.keySet()), stall.relieved));
            stall.relieved = true;
            stall.reliefNanos = nowNanos + REPEAT_NANOS;
          }
        });
    return due;
  }

  /** Forgets everything: another node has controlled meanwhile. */
  public void clear() {
    stalls.clear();
  }
}
