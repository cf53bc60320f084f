// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.jangada.client.BrokerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionTest {
  private final List<ManagedChannel> made = new ArrayList<>();
  private final Connection connection =
      new Connection(new BrokerAddress("broker", 7400), this::channel, new LongAdder());

  @AfterEach
  void shutAll() {
    made.forEach(ManagedChannel::shutdownNow);
  }

  @Test
  void aFailedChannelIsShutAndReplacedOnce() {
    ManagedChannel first = connection.channel();
    connection.failed(first, 0);
    connection.failed(first, 0);
    assertThat(made).hasSize(2);
    assertThat(first.isShutdown()).isTrue();
    assertThat(connection.channel()).isSameAs(made.get(1));
    assertThat(connection.waitNanos(0)).isPositive();
    connection.answered();
    assertThat(connection.waitNanos(0)).isZero();
  }

  @Test
  void callsThatFailBecauseOfTheClosingLeaveNoChannelBehind() {
    ManagedChannel channel = connection.channel();
    connection.close();
    connection.failed(channel, 0);
    assertThat(made).containsExactly(channel);
    assertThat(channel.isShutdown()).isTrue();
  }

  private ManagedChannel channel() {
    ManagedChannel channel = InProcessChannelBuilder.forName("nobody").build();
    made.add(channel);
    return channel;
  }
}
