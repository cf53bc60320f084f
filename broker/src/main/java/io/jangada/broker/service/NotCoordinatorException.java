// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;

/** This broker does not coordinate the group, and knows who does: front doors pass that on. */
public final class NotCoordinatorException extends JangadaException {
  private static final long serialVersionUID = 1L;

  private final int coordinatorId;
  private final String coordinatorAddress;

  /**
   * Creates the refusal.
   *
   * @param coordinatorAddress host:port of the coordinator's gRPC listener
   */
  public NotCoordinatorException(
      String groupId, int thisBrokerId, int coordinatorId, String coordinatorAddress) {
    super(
        ErrorCode.NOT_COORDINATOR,
        "expected broker "
            + coordinatorId
            + ", which coordinates group '"
            + groupId
            + "', but this is broker "
            + thisBrokerId,
        "send it to " + coordinatorAddress);
    this.coordinatorId = coordinatorId;
    this.coordinatorAddress = coordinatorAddress;
  }

  /** Broker id of the coordinator. */
  public int coordinatorId() {
    return coordinatorId;
  }

  /** host:port of the coordinator's gRPC listener. */
  public String coordinatorAddress() {
    return coordinatorAddress;
  }
}
