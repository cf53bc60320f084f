// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.fake;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.GetMetadataRequest;
import io.jangada.api.v1.MetadataServiceGrpc;
import io.jangada.api.v1.MetadataSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One broker: a gRPC server that can be killed and started again on the same port. */
public final class FakeBroker {
  private final int id;
  private final FakeCluster cluster;
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
  final List<FakeConsume.Stream> consumers = new CopyOnWriteArrayList<>();
  private @Nullable Server server;
  private int port;

  /** Whether requests are taken and never answered. */
  volatile boolean frozen;

  /** Whether metadata is told as it was. */
  private volatile boolean metadataFrozen;

  private record Watcher(GetMetadataRequest request, StreamObserver<MetadataSnapshot> out) {}

  FakeBroker(int id, FakeCluster cluster) {
    this.id = id;
    this.cluster = cluster;
    start();
  }

  public int id() {
    return id;
  }

  public int port() {
    return port;
  }

  /** Starts again where it was. */
  public void start() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (true) {
      try {
        Server started = build().start();
        server = started;
        port = started.getPort();
        return;
      } catch (IOException e) {
        // Connections of the one before may still be closing.
        if (System.nanoTime() > deadline) {
          throw new UncheckedIOException(e);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
    }
  }

  private Server build() {
    return NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .addService(new FakeProduce(this, cluster))
        .addService(new FakeConsume(this, cluster))
        .addService(new FakeAdmin(cluster, id))
        .addService(new FakeGroups(this, cluster))
        .addService(new Metadata())
        .permitKeepAliveTime(1, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .build();
  }

  /** Ends at once, with all its connections. */
  public void kill() {
    Server running = server;
    if (running != null) {
      watchers.clear();
      consumers.clear();
      try {
        if (!running.shutdownNow().awaitTermination(5, TimeUnit.SECONDS)) {
          throw new IllegalStateException("the fake broker does not end");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      server = null;
    }
  }

  /** Takes requests and says nothing more, as a stopped process does. */
  public void freeze() {
    frozen = true;
  }

  /** Tells no more metadata. */
  public void freezeMetadata() {
    metadataFrozen = true;
  }

  boolean running() {
    return server != null;
  }

  public int watcherCount() {
    return watchers.size();
  }

  void publish() {
    if (frozen || metadataFrozen) {
      return;
    }
    for (Watcher watcher : new ArrayList<>(watchers)) {
      try {
        watcher.out().onNext(cluster.snapshot(watcher.request()));
      } catch (RuntimeException e) {
        watchers.remove(watcher); // the client has gone
      }
    }
  }

  void pump() {
    if (!frozen) {
      consumers.forEach(FakeConsume.Stream::pump);
    }
  }

  private final class Metadata extends MetadataServiceGrpc.MetadataServiceImplBase {
    @Override
    public void getMetadata(GetMetadataRequest request, StreamObserver<MetadataSnapshot> out) {
      if (!frozen && !metadataFrozen) {
        out.onNext(cluster.snapshot(request));
        out.onCompleted();
      }
    }

    @Override
    public void watchMetadata(GetMetadataRequest request, StreamObserver<MetadataSnapshot> out) {
      if (frozen) {
        return;
      }
      synchronized (cluster) {
        out.onNext(cluster.snapshot(request));
        watchers.add(new Watcher(request, out));
      }
    }
  }
}
