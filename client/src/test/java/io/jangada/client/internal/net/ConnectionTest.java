// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.jangada.client.BrokerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionTest {
  private static final long A_MINUTE_NANOS = 60_000_000_000L;

  private final String name = UUID.randomUUID().toString();
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

  @Test
  void whoNeverAnsweredIsUnreachableUntilAProbeGetsThrough() throws Exception {
    assertThat(connection.unreachable(0)).isFalse();
    connection.failed(connection.channel(), 0);
    assertThat(connection.unreachable(1)).isTrue();
    Server server = InProcessServerBuilder.forName(name).build().start();
    try {
      long now = 0;
      while (connection.unreachable(now)) {
        now += A_MINUTE_NANOS; // in which a probe is due
        assertThat(now).isLessThan(10_000 * A_MINUTE_NANOS);
        TimeUnit.MILLISECONDS.sleep(1);
      }
      assertThat(connection.reached()).isTrue();
      assertThat(connection.waitNanos(now)).isZero();
    } finally {
      server.shutdownNow();
    }
  }

  @Test
  void whoAnsweredBeforeIsGivenTwoSeconds() {
    connection.answered();
    connection.failed(connection.channel(), 0);
    assertThat(connection.reached()).isFalse();
    assertThat(connection.unreachable(1_900_000_000L)).isFalse();
    assertThat(connection.unreachable(2_000_000_000L)).isTrue();
  }

  private ManagedChannel channel() {
    ManagedChannel channel = InProcessChannelBuilder.forName(name).build();
    made.add(channel);
    return channel;
  }
}
