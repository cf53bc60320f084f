// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.net;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.jangada.client.BrokerAddress;
import io.jangada.client.ClientConfig;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.netty.channel.ChannelOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** One connection to each broker, made when first asked for. Thread-safe. */
public final class Connections implements AutoCloseable {
  private final Function<BrokerAddress, ManagedChannel> channels;
  private final Map<BrokerAddress, Connection> byAddress = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** Connections over plain TCP. */
  public Connections(ClientConfig config) {
    this(address -> channelTo(address, config));
  }

  /** Connections over channels that someone else makes. */
  public Connections(Function<BrokerAddress, ManagedChannel> channels) {
    this.channels = channels;
  }

  /**
   * The connection to a broker.
   *
   * @throws JangadaException SHUTTING_DOWN after {@link #close}
   */
  public Connection to(BrokerAddress address) {
    if (closed) {
      throw new JangadaException(
          ErrorCode.SHUTTING_DOWN, "expected an open client, but it has been closed");
    }
    return byAddress.computeIfAbsent(address, a -> new Connection(a, () -> channels.apply(a)));
  }

  /** Ends all connections and the calls on them. */
  @Override
  public void close() {
    closed = true;
    byAddress.values().forEach(Connection::close);
  }

  private static ManagedChannel channelTo(BrokerAddress address, ClientConfig config) {
    return NettyChannelBuilder.forAddress(address.host(), address.port())
        .usePlaintext()
        // What is called back only enqueues, or completes a future.
        .directExecutor()
        .disableRetry()
        // Netty's own 30 s would hide for that long that a host is gone.
        .withOption(
            ChannelOption.CONNECT_TIMEOUT_MILLIS,
            (int) Math.min(Integer.MAX_VALUE, config.attemptTimeout().toMillis()))
        .keepAliveTime(config.keepAliveTime().toNanos(), TimeUnit.NANOSECONDS)
        .keepAliveTimeout(config.keepAliveTimeout().toNanos(), TimeUnit.NANOSECONDS)
        .maxInboundMessageSize(config.maxMessageBytes())
        .build();
  }
}
