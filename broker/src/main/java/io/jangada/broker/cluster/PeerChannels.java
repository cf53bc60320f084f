// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** One channel to each broker that was asked something; idle ones close themselves. Thread-safe. */
final class PeerChannels implements AutoCloseable {
  private static final long IDLE_S = 60;

  private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();

  ManagedChannel to(String address) {
    return channels.computeIfAbsent(
        address,
        target ->
            NettyChannelBuilder.forTarget(target)
                .usePlaintext()
                .idleTimeout(IDLE_S, TimeUnit.SECONDS)
                .build());
  }

  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
    channels.clear();
  }
}
