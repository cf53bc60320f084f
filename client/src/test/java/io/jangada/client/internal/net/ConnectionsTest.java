// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.client.BrokerAddress;
import io.jangada.client.ClientConfig;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("jangada-client"))
        .toList();
  }

  @Test
  void closedConnectionsLeaveNoThreadBehind() {
    Connections connections = new Connections(ClientConfig.of("127.0.0.1:1"), new LongAdder());
    connections.to(new BrokerAddress("127.0.0.1", 1)).channel().getState(true);
    List<Thread> running = threads();
    connections.close();
    assertThat(running).isNotEmpty().allMatch(thread -> !thread.isAlive());
  }
}
