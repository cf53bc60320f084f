// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Finds a taken port before any service does: their own errors are stack traces, and Ratis would
 * end the process.
 */
public final class Ports {
  private Ports() {}

  /**
   * Binds each configured port for a moment.
   *
   * @throws JangadaException {@link ErrorCode#PORT_IN_USE}, or {@link ErrorCode#INVALID_CONFIG} if
   *     the host can't be bound
   */
  static void requireFree(BrokerConfig config) {
    BrokerConfig.Listeners listeners = config.listeners();
    requireFree(listeners.bindHost(), listeners.grpcPort(), "listeners.grpc-port");
    if (config.node().isQuorumMember()) {
      requireFree(listeners.bindHost(), listeners.ratisPort(), "listeners.ratis-port");
    }
    requireFree(listeners.bindHost(), listeners.httpPort(), "listeners.http-port");
    listeners
        .external()
        .ifPresent(
            external ->
                requireFree(listeners.bindHost(), external.port(), "listeners.external-port"));
  }

  /**
   * Binds the port for a moment.
   *
   * @param key of the configuration, for the message
   * @throws JangadaException as {@link #requireFree(BrokerConfig)}
   */
  public static void requireFree(String host, int port, String key) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new JangadaException(
          ErrorCode.INVALID_CONFIG,
          "expected an address of this machine, but the host " + host + " is unknown",
          "correct listeners.bind-host");
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
    } catch (BindException e) {
      throw refused(host, port, key, e);
    } catch (IOException e) {
      throw new JangadaException(
          ErrorCode.INVALID_CONFIG,
          "could not listen on " + host + ":" + port + ": " + e.getMessage(),
          "correct listeners.bind-host or " + key,
          true,
          e);
    }
  }

  static JangadaException refused(String host, int port, String key, BindException cause) {
    String reason = String.valueOf(cause.getMessage());
    if (reason.contains("assign requested address")) {
      return new JangadaException(
          ErrorCode.INVALID_CONFIG,
          "expected an address of this machine, but " + host + " is none",
          "correct listeners.bind-host",
          true,
          cause);
    }
    if (reason.contains("Permission denied")) {
      return new JangadaException(
          ErrorCode.INVALID_CONFIG,
          "expected a port that this user may listen on, but " + port + " (" + key + ") is not",
          "choose a port of 1024 or more",
          true,
          cause);
    }
    return new JangadaException(
        ErrorCode.PORT_IN_USE,
        "expected %s:%d (%s) to be free, but another process listens there"
            .formatted(host, port, key),
        "stop it (ss -ltnp 'sport = :%d' shows it), or set another %s".formatted(port, key),
        true,
        cause);
  }
}
