// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a broker's gRPC listener is.
 *
 * @param host a name or an address; an IPv6 address without brackets
 * @param port 1 to 65535
 */
public record BrokerAddress(String host, int port) {
  private static final int MAX_PORT = 65_535;

  /** Checks the parts. */
  public BrokerAddress {
    if (host.isBlank() || port < 1 || port > MAX_PORT) {
      throw invalid(host + ":" + port);
    }
  }

  /**
   * Reads {@code host:port} or {@code [ipv6]:port}.
   *
   * @throws JangadaException INVALID_REQUEST if it is neither
   */
  public static BrokerAddress parse(String text) {
    String trimmed = text.trim();
    int colon = trimmed.lastIndexOf(':');
    if (colon <= 0) {
      throw invalid(text);
    }
    String host = trimmed.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw invalid(text);
    }
    try {
      return new BrokerAddress(host, Integer.parseInt(trimmed.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw invalid(text);
    }
  }

  /**
   * Reads addresses that are separated by commas.
   *
   * @throws JangadaException INVALID_REQUEST if there is none, or one is malformed
   */
  public static List<BrokerAddress> parseList(String text) {
    List<BrokerAddress> addresses = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (!part.isBlank()) {
        addresses.add(parse(part));
      }
    }
    if (addresses.isEmpty()) {
      throw invalid(text);
    }
    return List.copyOf(addresses);
  }

  private static JangadaException invalid(String text) {
    return new JangadaException(
        ErrorCode.INVALID_REQUEST,
        "expected a broker address like host:7400, but got \"" + text + "\"",
        "write addresses as host:port, several separated by commas");
  }

  // By hand: what the JVM would make of a record at the first call takes 10 ms, in every command.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BrokerAddress that && port == that.port && host.equals(that.host);
  }

  @Override
  public int hashCode() {
    return 31 * host.hashCode() + port;
  }

  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
