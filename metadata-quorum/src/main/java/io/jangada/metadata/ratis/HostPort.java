// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;

/** An address as it is configured: host:port. */
record HostPort(String host, int port) {
  static HostPort parse(String address) {
    int colon = address.lastIndexOf(':');
    try {
      int port = Integer.parseInt(address.substring(colon + 1));
      if (colon > 0 && port > 0 && port < 65_536) {
        return new HostPort(address.substring(0, colon), port);
      }
    } catch (NumberFormatException e) {
      // Reported below like every other shape that is not host:port.
    }
    throw new JangadaException(
        ErrorCode.INVALID_CONFIG,
        "expected a quorum address as host:port, but got '" + address + "'",
        "correct the address in the configuration's list of quorum members");
  }
}
