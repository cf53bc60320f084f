// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.client.BrokerAddress;
import io.jangada.client.ClientConfig;
import io.jangada.client.JangadaClient;
import io.jangada.common.JangadaException;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;

/** Opens the client that a command line asks for. */
public final class Connection {
  private Connection() {}

  /**
   * A client of the cluster at the invocation's addresses, giving up after its timeout; the caller
   * closes it.
   *
   * @throws CommandException {@link ExitCode#USAGE} if an address is malformed
   */
  public static JangadaClient open(Invocation invocation) {
    try {
      return JangadaClient.connect(
          ClientConfig.of(BrokerAddress.parseList(String.join(",", invocation.bootstrap())))
              .withRequestTimeout(invocation.timeout()));
    } catch (JangadaException e) {
      throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e.hint(), e);
    }
  }

  /**
   * Asks the cluster for next to nothing. Producers and consumers wait patiently for brokers that
   * are still starting; people do not, and want to know what is wrong.
   *
   * @throws JangadaException UNAVAILABLE with the cause if no broker can be reached
   */
  public static void require(JangadaClient client) {
    client.admin().listBrokers();
  }
}
