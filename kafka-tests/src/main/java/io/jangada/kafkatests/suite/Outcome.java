// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.suite;

import java.time.Duration;

/**
 * What became of one test, all its invocations together.
 *
 * @param test {@code Class#method}
 * @param message of what it failed with; empty if it passed
 */
record Outcome(String test, Result result, Duration took, String message) {
  /** From best to worst. */
  enum Result {
    PASSED,
    /** It cannot be run against this cluster, and says so. */
    ABORTED,
    FAILED
  }

  /** Of two invocations the worse one counts. */
  Outcome and(Outcome other) {
    Outcome worse = result.compareTo(other.result) >= 0 ? this : other;
    return new Outcome(test, worse.result, took.plus(other.took), worse.message);
  }
}
