// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.jangada.common.JangadaException;

/** Told what becomes of this broker's registration, on the session's thread; must not block. */
public interface RegistrationListener {
  /** This incarnation is registered, with that epoch. Called again if it had to register anew. */
  void registered(long brokerEpoch);

  /**
   * How old the oldest unfinished fsync of the broker's logs is, in milliseconds; 0 if none runs.
   * Asked at each heartbeat.
   */
  default long oldestSyncAgeMs() {
    return 0;
  }

  /** The controller says whether the broker is fenced; called when that changes. */
  void fenced(boolean fenced);

  /**
   * This incarnation can't be a broker (any more): a newer one has registered, or the registration
   * was refused for good. The process must stop.
   */
  void superseded(JangadaException reason);
}
