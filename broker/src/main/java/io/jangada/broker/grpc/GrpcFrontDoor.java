// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one gRPC server of the process: client services, replication and the quorum share its port.
 * Health and reflection are always there. Calls run on the executor that is passed in, unless a
 * service's handlers only enqueue and it is listed as direct.
 */
public final class GrpcFrontDoor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GrpcFrontDoor.class);
  private static final int MAX_HEADER_BYTES = 16 * 1024;
  private static final int NO_PORT = -1;
  private static final Duration CLOSE_GRACE = Duration.ofMillis(500);

  /** Longer than any network thread takes; only a defect takes more. */
  private static final Duration CUT_OFF_PATIENCE = Duration.ofSeconds(5);

  private final Server server;
  private final int externalPort;
  private final HealthStatusManager health = new HealthStatusManager();
  private final ClientAdmission admission = new ClientAdmission();
  private final AtomicBoolean left = new AtomicBoolean();

  private GrpcFrontDoor(Builder services, Executor pool) {
    this.externalPort = services.external == null ? NO_PORT : services.external.port();
    DirectServices direct = new DirectServices(Set.copyOf(services.direct), pool);
    NettyServerBuilder server =
        NettyServerBuilder.forAddress(services.address)
            .executor(pool)
            .callExecutor(direct)
            .maxInboundMessageSize(services.limits.maxMessageBytes())
            .maxConcurrentCallsPerConnection(services.limits.maxStreams())
            .maxInboundMetadataSize(MAX_HEADER_BYTES)
            .keepAliveTime(services.limits.keepAliveTime().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(services.limits.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance());
    if (services.external != null) {
      server
          .addListenAddress(
              new InetSocketAddress(services.address.getAddress(), services.external.port()))
          .intercept(new ExternalNetwork(services.external.port(), services.external.metadata()));
    }
    services.internal.forEach(server::addService);
    services.clients.forEach(service -> server.addService(admission.guard(service)));
    this.server = start(server, services.address);
  }

  /** Services for a port that is not open yet. */
  public static Builder at(InetSocketAddress address, GrpcLimits limits) {
    return new Builder(address, limits);
  }

  private record External(int port, ClusterMetadata metadata) {}

  /** Gathers the services of the port. */
  public static final class Builder {
    private final InetSocketAddress address;
    private final GrpcLimits limits;
    private @Nullable External external;
    private final List<ServerServiceDefinition> internal = new ArrayList<>();
    private final List<ServerServiceDefinition> clients = new ArrayList<>();
    private final Set<String> direct = new HashSet<>();

    private Builder(InetSocketAddress address, GrpcLimits limits) {
      this.address = address;
      this.limits = limits;
    }

    /** Listens for clients of another network as well, on the same host. */
    public Builder external(int port, ClusterMetadata metadata) {
      external = new External(port, metadata);
      return this;
    }

    /** What other nodes call, from the start. Its handlers only enqueue: see {@link #direct}. */
    public Builder internal(ServerServiceDefinition service) {
      internal.add(service);
      direct.add(service.getServiceDescriptor().getName());
      return this;
    }

    /** A service for clients whose handlers only enqueue: its calls run on the network threads. */
    public Builder direct(BindableService service) {
      direct.add(service.bindService().getServiceDescriptor().getName());
      return pooled(service);
    }

    /** A service for clients whose handlers may take longer: its calls run on the pool. */
    public Builder pooled(BindableService service) {
      clients.add(service.bindService());
      return this;
    }

    /**
     * Opens the port.
     *
     * @throws JangadaException {@link ErrorCode#PORT_IN_USE} if another process listens there
     */
    public GrpcFrontDoor open(Executor pool) {
      return new GrpcFrontDoor(this, pool);
    }
  }

  /** The port for everybody that it listens on, not the external one. */
  public int port() {
    // The server lists its sockets in no particular order.
    return server.getListenSockets().stream()
        .map(socket -> ((InetSocketAddress) socket).getPort())
        .filter(port -> port != externalPort)
        .findFirst()
        .orElseThrow();
  }

  /** Lets clients in, and answers health checks with SERVING from now on. */
  public void serving() {
    admission.open();
    health.setStatus(
        HealthStatusManager.SERVICE_NAME_ALL_SERVICES,
        io.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING);
  }

  /** Refuses new calls of clients, and answers health checks with NOT_SERVING, for good. */
  public void leaving() {
    if (left.compareAndSet(false, true)) {
      admission.close();
      health.enterTerminalState();
    }
  }

  /**
   * Refuses new calls, gives running ones a moment, then cuts them off and waits until that was
   * told to their handlers: they run on threads that the caller closes next.
   */
  @Override
  public void close() {
    leaving();
    server.shutdown();
    try {
      if (!server.awaitTermination(CLOSE_GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
        if (!server.awaitTermination(CUT_OFF_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
          log.warn("Some calls did not end within {} of being cut off", CUT_OFF_PATIENCE);
        }
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
            ErrorCode.PORT_IN_USE,
            "expected the gRPC port "
                + address.getHostString()
                + ":"
                + address.getPort()
                + " to be free, but another process listens there",
            "stop that process, or set listeners.grpc-port to another port",
            true,
            e);
      }
      throw new JangadaException(
          ErrorCode.UNAVAILABLE,
          "expected to listen on " + address + ", but " + e,
          "check listeners.bind-host in the configuration",
          true,
          e);
    }
  }
}
