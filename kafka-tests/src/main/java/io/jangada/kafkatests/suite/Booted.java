// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.suite;

import io.jangada.kafkatests.reference.SpokenTo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * A cluster that the {@link ClusterHost} holds for a test.
 *
 * @param handle the host's name for it
 */
public record Booted(ClusterHost.Client host, String handle, List<InetSocketAddress> brokers)
    implements SpokenTo {
  /** A copy of the addresses is kept. */
  public Booted {
    brokers = List.copyOf(brokers);
  }

  static Booted of(ClusterHost.Client host, String handle, List<String> ports) {
    return new Booted(
        host,
        handle,
        ports.stream()
            .map(
                port ->
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)))
            .toList());
  }

  @Override
  public String name() {
    return handle;
  }

  /** Stops a broker as an operator does. */
  public void stop(int broker) throws IOException {
    host.call("stop", handle, Integer.toString(broker));
  }

  /** Starts a stopped broker and waits until it serves. */
  public void start(int broker) throws IOException {
    host.call("start", handle, Integer.toString(broker));
  }

  @Override
  public void close() throws IOException {
    host.call("close", handle);
  }
}
