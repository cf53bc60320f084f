// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import org.slf4j.bridge.SLF4JBridgeHandler;

/** Gives each log line the broker's id, and brings gRPC's java.util.logging into the same log. */
public final class ServerLogging {
  /** Read by logback.xml when it is loaded, which is at the first logger. */
  private static final String BROKER_PROPERTY = "jangada.broker";

  private ServerLogging() {}

  /** Call before the first logger is made. */
  public static void begin(int nodeId) {
    System.setProperty(BROKER_PROPERTY, Integer.toString(nodeId));
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }
}
