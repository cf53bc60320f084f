// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.jangada.common.JangadaException;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.liveness.BrokerHeartbeat;
import java.util.concurrent.CompletableFuture;

/** The controller as the service sees it. Thread-safe; nothing blocks. */
public interface ControllerEndpoint {
  /**
   * Decides, proposes, answers. Fails with NOT_CONTROLLER (definite) where this node is not the
   * controller, OVERLOADED (definite) where too much waits, QUORUM_UNAVAILABLE (indefinite) where
   * the quorum is lost meanwhile.
   */
  CompletableFuture<ControllerAnswer> submit(ControllerRequest request);

  /** A broker's connection. Called on the controller's thread, must not block. */
  interface SessionPeer {
    /** The answer to a heartbeat. */
    void answer(long number, long controllerEpoch, boolean fenced);

    /** The session ends. */
    void fail(JangadaException error);
  }

  /** A heartbeat came by a connection. */
  void heartbeat(BrokerHeartbeat heartbeat, SessionPeer peer);

  /** The connection broke or was closed by the broker. */
  void broken(int brokerId, long brokerEpoch, long stream);
}
