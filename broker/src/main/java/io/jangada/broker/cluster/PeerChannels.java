// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** One channel to each broker that was asked something; idle ones close themselves. Thread-safe. */
final class PeerChannels implements AutoCloseable {
  private static final long IDLE_S = 60;
  private static final long KEEP_ALIVE_S = 10;
  private static final long KEEP_ALIVE_TIMEOUT_S = 5;

  /** As brokers take from clients. */
  private static final int MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

  private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();

  /**
   * The channel to a broker. One that could not connect tries again at once: gRPC itself would wait
   * up to two minutes, long after the broker has come back.
   */
  ManagedChannel to(String address) {
    ManagedChannel channel = channels.computeIfAbsent(address, PeerChannels::open);
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      channel.resetConnectBackoff();
    }
    return channel;
  }

  private static ManagedChannel open(String target) {
    return NettyChannelBuilder.forTarget(target)
        .usePlaintext()
        // A machine that is gone without a word must not hold up what is passed on to it.
        .keepAliveTime(KEEP_ALIVE_S, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_S, TimeUnit.SECONDS)
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .idleTimeout(IDLE_S, TimeUnit.SECONDS)
        .build();
  }

  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
    channels.clear();
  }
}
