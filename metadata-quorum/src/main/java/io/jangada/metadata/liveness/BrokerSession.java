// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.liveness;

/** What is remembered of one incarnation of a broker. */
final class BrokerSession {
  static final long NO_STREAM = 0;
  static final long NEVER = Long.MAX_VALUE;

  final int brokerId;
  final long brokerEpoch;

  /** As the metadata says. */
  boolean fenced;

  /** When it was surely there the last time. */
  long lastContactNanos;

  /** The stream its heartbeats come by; {@link #NO_STREAM} while suspect. */
  long stream = NO_STREAM;

  /** The number of the last answer it was given in this stream, and the last one it echoed. */
  long lastAnswer;

  long lastEcho;

  /** Up to where it has applied the metadata. */
  long metadataIndex;

  /** When to probe; {@link #NEVER} while it has a stream or a probe is under way. */
  long probeAtNanos = NEVER;

  /** A fence or unfence was asked for and is not yet in the metadata. */
  boolean transitionPending;

  /** Not asked for again before. */
  long transitionAtNanos = Long.MIN_VALUE;

  BrokerSession(int brokerId, long brokerEpoch, boolean fenced, long nowNanos) {
    this.brokerId = brokerId;
    this.brokerEpoch = brokerEpoch;
    this.fenced = fenced;
    this.lastContactNanos = nowNanos;
  }
}
