// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

/**
 * Numbers the attempts of a replica to get something done elsewhere, so that late answers can be
 * told from current ones. They outlive the roles, so that none repeats.
 */
final class AttemptNumbers {
  static final long NONE = 0;

  private long last;

  /** The first is above that one. */
  AttemptNumbers(long above) {
    last = above;
  }

  long next() {
    return ++last;
  }
}
