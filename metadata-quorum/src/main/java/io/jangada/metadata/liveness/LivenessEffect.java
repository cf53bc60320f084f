// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.liveness;

/** What {@link BrokerSessions} wants done. */
public sealed interface LivenessEffect {
  /** Whom it concerns. */
  int brokerId();

  /** Which incarnation of it. */
  long brokerEpoch();

  /**
   * Find out whether the broker's port refuses connections, and report with {@link
   * BrokerSessions#probed}.
   */
  record Probe(int brokerId, long brokerEpoch) implements LivenessEffect {}

  /** The broker is gone. */
  record Fence(int brokerId, long brokerEpoch, String reason) implements LivenessEffect {}

  /** The broker is there and its metadata, up to that index, has its own registration. */
  record Unfence(int brokerId, long brokerEpoch, long metadataIndex) implements LivenessEffect {}
}
