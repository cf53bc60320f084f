// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The one gRPC server of the process: client services, replication and the quorum share its port.
 * Health and reflection are always there. Calls run on the executor that is passed in, unless a
 * service's handlers only enqueue and it is listed as direct.
 */
public final class GrpcFrontDoor implements AutoCloseable {
  /** Above this the connection is closed; batches and frames are well below. */
  private static final int MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

  private static final int MAX_HEADER_BYTES = 16 * 1024;
  private static final Duration KEEP_ALIVE_TIME = Duration.ofSeconds(10);
  private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration CLOSE_GRACE = Duration.ofSeconds(2);

  private final Server server;
  private final HealthStatusManager health = new HealthStatusManager();

  /**
   * Opens the port.
   *
   * @param direct services whose handlers only enqueue: they run on the network threads
   * @param pooled services whose handlers may block or read files
   * @throws JangadaException {@link ErrorCode#UNAVAILABLE} if the port is taken
   */
  public GrpcFrontDoor(
      InetSocketAddress address,
      List<? extends BindableService> direct,
      List<? extends BindableService> pooled,
      Executor executor) {
    DirectServices directServices = DirectServices.of(direct, executor);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .executor(executor)
            .callExecutor(directServices)
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .maxInboundMetadataSize(MAX_HEADER_BYTES)
            .keepAliveTime(KEEP_ALIVE_TIME.toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(KEEP_ALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance());
    direct.forEach(builder::addService);
    pooled.forEach(builder::addService);
    server = start(builder, address);
  }

  /** The port it listens on. */
  public int port() {
    return server.getPort();
  }

  /** Answers health checks with SERVING from now on. */
  public void serving() {
    health.setStatus(
        HealthStatusManager.SERVICE_NAME_ALL_SERVICES,
        io.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING);
  }

  /** Answers health checks with NOT_SERVING from now on, for good. */
  public void leaving() {
    health.enterTerminalState();
  }

  /** Refuses new calls, gives running ones a moment, then cuts them off. */
  @Override
  public void close() {
    leaving();
    server.shutdown();
    try {
      if (!server.awaitTermination(CLOSE_GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private static Server start(NettyServerBuilder builder, InetSocketAddress address) {
    try {
      return builder.build().start();
    } catch (IOException e) {
      if (e instanceof BindException || e.getCause() instanceof BindException) {
        throw new JangadaException(
            ErrorCode.UNAVAILABLE,
            "expected the gRPC port "
                + address.getHostString()
                + ":"
                + address.getPort()
                + " to be free, but another process listens there",
            "stop that process, or set listeners.grpc.port to another port",
            true,
            e);
      }
      throw new JangadaException(
          ErrorCode.UNAVAILABLE,
          "expected to listen on " + address + ", but " + e,
          "check listeners.grpc in the configuration",
          true,
          e);
    }
  }
}
