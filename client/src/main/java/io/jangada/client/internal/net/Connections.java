// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.net;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.jangada.client.BrokerAddress;
import io.jangada.client.ClientConfig;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * One connection to each broker, made when first asked for, on threads of their own that end with
 * them: gRPC's shared ones live on for a second, in native code, and hold up a JVM that exits by
 * 300 ms. Thread-safe.
 */
public final class Connections implements AutoCloseable {
  private static final long THREADS_END_MS = 1_000;

  private final Function<BrokerAddress, ManagedChannel> channels;
  private final LongAdder failures;
  private final Runnable endThreads;
  private final Map<BrokerAddress, Connection> byAddress = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * Connections over plain TCP.
   *
   * @param failures counts those that could not be made or broke
   */
  public Connections(ClientConfig config, LongAdder failures) {
    EventLoopGroup threads =
        new MultiThreadIoEventLoopGroup(
            new DefaultThreadFactory("jangada-client", true), NioIoHandler.newFactory());
    this.channels = address -> channelTo(address, config, threads);
    this.failures = failures;
    this.endThreads = () -> end(threads, byAddress.values());
  }

  /** Connections over channels that someone else makes. */
  public Connections(Function<BrokerAddress, ManagedChannel> channels, LongAdder failures) {
    this.channels = channels;
    this.failures = failures;
    this.endThreads = () -> {};
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
    return byAddress.computeIfAbsent(
        address, a -> new Connection(a, () -> channels.apply(a), failures));
  }

  /** Ends all connections and the calls on them. */
  @Override
  public void close() {
    closed = true;
    byAddress.values().forEach(Connection::close);
    endThreads.run();
  }

  private static void end(EventLoopGroup threads, Collection<Connection> closed) {
    for (EventExecutor thread : threads) {
      if (thread.inEventLoop()) {
        // Closed by what one of them called back: it can't wait for itself.
        var unused = threads.shutdownGracefully(0, THREADS_END_MS, TimeUnit.MILLISECONDS);
        return;
      }
    }
    // What is just connecting would find its thread gone, and say so loudly.
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(THREADS_END_MS);
    closed.forEach(connection -> connection.awaitClosed(deadline - System.nanoTime()));
    threads
        .shutdownGracefully(0, THREADS_END_MS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(THREADS_END_MS, TimeUnit.MILLISECONDS);
  }

  private static ManagedChannel channelTo(
      BrokerAddress address, ClientConfig config, EventLoopGroup threads) {
    return NettyChannelBuilder.forAddress(address.host(), address.port())
        .channelType(NioSocketChannel.class)
        .eventLoopGroup(threads)
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
