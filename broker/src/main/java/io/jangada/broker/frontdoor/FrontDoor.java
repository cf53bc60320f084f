// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.frontdoor;

/**
 * A way for clients into this broker. Called by the thread that starts and stops the node, in the
 * order of the methods.
 */
public interface FrontDoor extends AutoCloseable {

  /**
   * Opens its ports: the node knows the cluster's metadata and serves.
   *
   * @throws io.jangada.common.JangadaException PORT_IN_USE if another process listens there
   */
  void serve();

  /**
   * Lets nobody new in. Who is in is still served: what this broker leads is handed over next, and
   * clients are told by its answers where to go.
   */
  void leave();

  /** Answers what was asked, for a moment, and cuts everybody off. */
  @Override
  void close();
}
