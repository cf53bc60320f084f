// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where one node of a local cluster listens and keeps its data. All on the loopback interface.
 *
 * @param id from 1
 * @param directory holds its configuration, its data and its log
 */
public record NodePlan(
    int id, int grpcPort, int ratisPort, int httpPort, int kafkaPort, Path directory) {
  private static final int DEFAULT_GRPC_PORT = 7400;
  private static final int DEFAULT_KAFKA_PORT = 9092;
  private static final int PORTS_OF_NODE = 4;
  private static final int PORT_STEP = 10;
  private static final String DATA = "data";

  /** {@code host:port} for clients. */
  public String grpcAddress() {
    return "127.0.0.1:" + grpcPort;
  }

  /** {@code host:port} for probes and metrics. */
  public String httpAddress() {
    return "127.0.0.1:" + httpPort;
  }

  /** {@code host:port} for Kafka clients. */
  public String kafkaAddress() {
    return "127.0.0.1:" + kafkaPort;
  }

  /** As {@code quorum.members} names it. */
  String quorumMember() {
    return id + "@127.0.0.1:" + grpcPort + "/" + ratisPort;
  }

  Path configFile() {
    return directory.resolve("jangada.yaml");
  }

  Path logFile() {
    return directory.resolve("broker.log");
  }

  Path dataDirectory() {
    return directory.resolve(DATA);
  }

  /** What the node's configuration file says. */
  String config(String members) {
    return """
    node:
      id: %d
    quorum:
      members: "%s"
    listeners:
      grpc-port: %d
      ratis-port: %d
      http-port: %d
    kafka:
      port: %d
    storage:
      directory: %s
    """
        .formatted(id, members, grpcPort, ratisPort, httpPort, kafkaPort, DATA);
  }

  /**
   * Plans on the ports that a local cluster has by default where they are all free, else on free
   * ones. Another process may take a port before the node does; that node then says so and ends.
   */
  static List<NodePlan> onDefaultPorts(int nodes, Path directory) throws IOException {
    List<Integer> ports = new ArrayList<>();
    for (int node = 0; node < nodes; node++) {
      for (int port = 0; port < PORTS_OF_NODE - 1; port++) {
        ports.add(DEFAULT_GRPC_PORT + PORT_STEP * node + port);
      }
      ports.add(DEFAULT_KAFKA_PORT + node);
    }
    return allFree(ports) ? plans(ports, directory) : onFreePorts(nodes, directory);
  }

  /** Plans on free ports. */
  static List<NodePlan> onFreePorts(int nodes, Path directory) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    try {
      List<Integer> ports = new ArrayList<>();
      for (int i = 0; i < nodes * PORTS_OF_NODE; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        held.add(socket);
        ports.add(socket.getLocalPort());
      }
      return plans(ports, directory);
    } finally {
      for (ServerSocket socket : held) {
        socket.close();
      }
    }
  }

  private static List<NodePlan> plans(List<Integer> ports, Path directory) {
    List<NodePlan> plans = new ArrayList<>();
    for (int i = 0; i < ports.size(); i += PORTS_OF_NODE) {
      int id = i / PORTS_OF_NODE + 1;
      plans.add(
          new NodePlan(
              id,
              ports.get(i),
              ports.get(i + 1),
              ports.get(i + 2),
              ports.get(i + 3),
              directory.resolve("broker-" + id)));
    }
    return List.copyOf(plans);
  }

  private static boolean allFree(List<Integer> ports) {
    for (int port : ports) {
      try (ServerSocket socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }
}
