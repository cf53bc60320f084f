// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.liveness;

import java.time.Duration;

/**
 * How long silence is forgiven.
 *
 * @param sessionTimeout without contact for that long, a broker is fenced
 * @param probeInterval how soon after a broken connection or an answered probe the broker is probed
 *     (again)
 * @param firstContact how long a new controller waits for a broker's session before it probes
 * @param diskStallTimeout how old a broker's oldest unfinished fsync may become before others lead
 *     in its place
 */
public record LivenessSettings(
    Duration sessionTimeout,
    Duration probeInterval,
    Duration firstContact,
    Duration diskStallTimeout) {
  /** 2 s, 50 ms, 300 ms and 1.5 s. */
  public static final LivenessSettings DEFAULTS =
      new LivenessSettings(Duration.ofSeconds(2), Duration.ofMillis(50), Duration.ofMillis(300));

  /** Those, and the default for disks. */
  public LivenessSettings(Duration sessionTimeout, Duration probeInterval, Duration firstContact) {
    this(sessionTimeout, probeInterval, firstContact, Duration.ofMillis(1_500));
  }
}
