// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.config.ConfigLoader;
import io.jangada.broker.node.ServingNode;
import io.jangada.broker.startup.BrokerProcess;
import io.jangada.broker.startup.DataDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One node that is a whole cluster, in this process. */
public final class RunningNode implements AutoCloseable {
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

  private final BrokerProcess process;
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
  private final int grpcPort;
  private final int httpPort;
  private final int kafkaPort;

  private RunningNode(BrokerProcess process, int grpcPort, int httpPort, int kafkaPort) {
    this.process = process;
    this.grpcPort = grpcPort;
    this.httpPort = httpPort;
    this.kafkaPort = kafkaPort;
  }

  /** Starts it in an empty directory, and waits until Kafka clients are served. */
  public static RunningNode start(Path directory, String... settings) throws Exception {
    List<Integer> ports = freePorts(4);
    List<String> all =
        new ArrayList<>(
            List.of(
                "node.id=1",
                "storage.directory=" + directory.resolve("data"),
                "listeners.grpc-port=" + ports.get(0),
                "listeners.ratis-port=" + ports.get(1),
                "listeners.http-port=" + ports.get(2),
                "kafka.port=" + ports.get(3)));
    all.addAll(List.of(settings));
    BrokerConfig config = ConfigLoader.of(all.toArray(String[]::new));
    Files.createDirectories(directory.resolve("data"));
    DataDirectory.format(directory.resolve("data"), UUID.randomUUID(), 1, UUID.randomUUID());
    RunningNode node =
        new RunningNode(
            new BrokerProcess(
                config,
                new ServingNode(),
                code -> {
                  throw new IllegalStateException("the node halts with " + code);
                }),
            ports.get(0),
            ports.get(2),
            ports.get(3));
    Thread.ofPlatform().name("running-node").daemon().start(node::run);
    node.awaitServing();
    return node;
  }

  private void run() {
    try {
      ended.complete(process.run());
    } catch (Exception e) {
      ended.completeExceptionally(e);
    }
  }

  private void awaitServing() throws Exception {
    long deadlineNs = System.nanoTime() + PATIENCE_NS;
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), kafkaPort));
        return;
      } catch (IOException e) {
        if (ended.isDone()) {
          ended.get();
        }
        if (System.nanoTime() > deadlineNs) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }
  }

  /** Where gRPC clients connect. */
  public int grpcPort() {
    return grpcPort;
  }

  /** Where Kafka clients connect. */
  public int kafkaPort() {
    return kafkaPort;
  }

  /** {@code bootstrap.servers} and nothing else. */
  public Map<String, Object> clientConfig() {
    return Map.of("bootstrap.servers", "127.0.0.1:" + kafkaPort);
  }

  /** What the node's metrics say, as text. */
  public String metrics() throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/metrics"))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  @Override
  public void close() {
    process.requestStop();
    ended.orTimeout(60, TimeUnit.SECONDS).join();
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }
}
