// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;

/** This broker does not lead the partition, and knows who does: front doors pass that on. */
public final class NotLeaderException extends JangadaException {
  private static final long serialVersionUID = 1L;

  private final int leaderId;
  private final String leaderAddress;
  private final int leaderEpoch;

  /**
   * Creates the refusal.
   *
   * @param leaderAddress host:port of the leader's gRPC listener
   */
  public NotLeaderException(
      String partition, int thisBrokerId, int leaderId, String leaderAddress, int leaderEpoch) {
    super(
        ErrorCode.NOT_LEADER,
        "expected broker "
            + leaderId
            + ", which leads "
            + partition
            + " in leader epoch "
            + leaderEpoch
            + ", but this is broker "
            + thisBrokerId,
        "send it to " + leaderAddress);
    this.leaderId = leaderId;
    this.leaderAddress = leaderAddress;
    this.leaderEpoch = leaderEpoch;
  }

  /** Broker id of the leader. */
  public int leaderId() {
    return leaderId;
  }

  /** host:port of the leader's gRPC listener. */
  public String leaderAddress() {
    return leaderAddress;
  }

  /** The leader epoch in which it leads. */
  public int leaderEpoch() {
    return leaderEpoch;
  }
}
