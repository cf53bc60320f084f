// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.network;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.kafka.api.ApiTable;
import io.jangada.kafka.api.Network;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ports for Kafka clients, and who is connected. Thread-safe. */
public final class Listener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Listener.class);
  private static final int BACKLOG = 1024;
  private static final int RECEIVE_BYTES = 64 * 1024;
  private static final int WRITE_HIGH_BYTES = 512 * 1024;
  private static final int WRITE_LOW_BYTES = 128 * 1024;
  private static final long CHECK_EVERY_MS = 1_000;
  private static final long LOG_EVERY_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long CLOSE_GRACE_MS = 500;
  private static final long CLOSE_LOOK_MS = 10;

  private final ListenerConfig config;
  private final Dispatcher dispatcher;
  private final ListenerMetrics metrics;
  private final MemoryBudget requestMemory;
  private final MemoryBudget responseMemory;
  private final EventLoopGroup loops;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong loggedNs = new AtomicLong(System.nanoTime() - LOG_EVERY_NS - 1);
  private final List<Channel> ports = new ArrayList<>();

  /**
   * Listens nowhere yet.
   *
   * @param requestMemory what requests take; the listener's to give
   * @param responseMemory what answers take that are not sent yet; the handlers' to give
   */
  public Listener(
      ListenerConfig config,
      ApiTable table,
      MemoryBudget requestMemory,
      MemoryBudget responseMemory,
      ListenerMetrics metrics) {
    this.config = config;
    this.metrics = metrics;
    this.requestMemory = requestMemory;
    this.responseMemory = responseMemory;
    this.dispatcher = new Dispatcher(table, metrics);
    this.loops =
        new MultiThreadIoEventLoopGroup(
            config.threads(),
            new DefaultThreadFactory("jangada-kafka", true),
            Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  /**
   * Opens a port.
   *
   * @return the port: what was asked for, or a free one for 0
   * @throws JangadaException PORT_IN_USE if another process listens there
   */
  public synchronized int open(InetSocketAddress address, Network network) {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(
                Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.ALLOCATOR, ByteBufAllocator.DEFAULT)
            .childOption(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(RECEIVE_BYTES).maxMessagesPerRead(1))
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(WRITE_LOW_BYTES, WRITE_HIGH_BYTES))
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel.pipeline().addLast(new Connection(Listener.this, network));
                  }
                });
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw refused(address, bound.cause());
    }
    Channel port = bound.channel();
    ports.add(port);
    if (ports.size() == 1) {
      var unused =
          loops
              .next()
              .scheduleWithFixedDelay(
                  this::check, CHECK_EVERY_MS, CHECK_EVERY_MS, TimeUnit.MILLISECONDS);
    }
    return ((InetSocketAddress) port.localAddress()).getPort();
  }

  private static JangadaException refused(InetSocketAddress address, Throwable cause) {
    boolean taken =
        cause instanceof BindException
            || cause.getCause() instanceof BindException
            || String.valueOf(cause.getMessage()).contains("already in use");
    return new JangadaException(
        taken ? ErrorCode.PORT_IN_USE : ErrorCode.UNAVAILABLE,
        "expected to listen on " + address + " for Kafka clients, but " + cause.getMessage(),
        "stop what listens there, or set another kafka.port; 0 for none",
        true,
        cause);
  }

  private void check() {
    long nowNs = System.nanoTime();
    for (Connection each : connections) {
      each.onItsThread(() -> each.check(nowNs));
    }
  }

  /** Whether there is room for it. */
  boolean opened(Connection connection) {
    metrics.opened();
    connections.add(connection);
    return count.incrementAndGet() <= config.maxConnections();
  }

  void gone(Connection connection) {
    if (connections.remove(connection)) {
      count.decrementAndGet();
      metrics.gone();
    }
  }

  /** One client can have its connections closed as often as it likes; the log tells of some. */
  void closing(CloseReason reason, InetSocketAddress client, String why) {
    metrics.closed(reason);
    long nowNs = System.nanoTime();
    long lastNs = loggedNs.get();
    if (nowNs - lastNs > LOG_EVERY_NS && loggedNs.compareAndSet(lastNs, nowNs)) {
      log.info("Closing the connection to {}: {}", client, why);
    } else {
      log.debug("Closing the connection to {}: {}", client, why);
    }
  }

  ConnectionLimits limits() {
    return config.limits();
  }

  ListenerMetrics metrics() {
    return metrics;
  }

  MemoryBudget requestMemory() {
    return requestMemory;
  }

  MemoryBudget responseMemory() {
    return responseMemory;
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  /** Nobody new comes in. */
  public synchronized void leave() {
    ports.forEach(port -> port.close().awaitUninterruptibly());
    ports.clear();
  }

  /** Gives running requests a moment, then closes all connections. */
  @Override
  public void close() {
    leave();
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_GRACE_MS);
    try {
      while (connections.stream().anyMatch(Connection::busy) && System.nanoTime() < deadlineNs) {
        TimeUnit.MILLISECONDS.sleep(CLOSE_LOOK_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Connection each : connections) {
      each.onItsThread(() -> each.close(CloseReason.SHUTTING_DOWN, "the broker stops"));
    }
    loops.shutdownGracefully(0, CLOSE_GRACE_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    log.debug("No Kafka client is connected any more");
  }
}
