// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.dev;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.config.ConfigLoader;
import io.jangada.broker.startup.DataDirectory;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which nodes a local cluster has, and their directories: {@code broker-N/jangada.yaml}, {@code
 * broker-N/data}, {@code broker-N/broker.log}. Once written a layout stays, because the quorum
 * remembers its members' addresses.
 *
 * @param directory holds everything of the cluster
 * @param nodes by ascending id, from 1
 */
public record DevLayout(Path directory, List<DevNode> nodes) {
  /** Where every node listens. */
  public static final String HOST = "127.0.0.1";

  /** The first node's gRPC port. */
  public static final int DEFAULT_PORT_BASE = 7400;

  /** The first node's port for Kafka clients, if its gRPC port is the default one. */
  public static final int DEFAULT_KAFKA_PORT = 9092;

  /** More would not fit into most machines. */
  public static final int MAX_NODES = 9;

  private static final String KAFKA_PORT_KEY = "kafka.port";
  private static final String NODE_PREFIX = "broker-";
  private static final int PORT_STEP = 10;
  private static final int PORTS_OF_NODE = 4;
  private static final int FULL_QUORUM = 3;

  /** The first three nodes vote; a smaller cluster has one voter. */
  private static int quorumSize(int count) {
    return count >= FULL_QUORUM ? FULL_QUORUM : 1;
  }

  /**
   * Node i on base + 10·(i−1) and the two ports after it; for Kafka clients on 9092 + (i−1), or, so
   * that clusters with different bases do not collide, on the third port after it.
   */
  public static DevLayout fromBase(Path directory, int count, int portBase) {
    List<DevNode> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int port = portBase + PORT_STEP * i;
      int kafka = portBase == DEFAULT_PORT_BASE ? DEFAULT_KAFKA_PORT + i : port + 3;
      nodes.add(new DevNode(i + 1, port, port + 1, port + 2, kafka));
    }
    return new DevLayout(directory, nodes);
  }

  /** On ports that are free now. */
  public static DevLayout onFreePorts(Path directory, int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < PORTS_OF_NODE * count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      List<DevNode> nodes = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int first = PORTS_OF_NODE * i;
        nodes.add(
            new DevNode(
                i + 1,
                sockets.get(first).getLocalPort(),
                sockets.get(first + 1).getLocalPort(),
                sockets.get(first + 2).getLocalPort(),
                sockets.get(first + 3).getLocalPort()));
      }
      return new DevLayout(directory, nodes);
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  /** The layout that an earlier run wrote into the directory, if any. */
  public static Optional<DevLayout> existing(Path directory) {
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    List<DevNode> nodes = new ArrayList<>();
    for (int id = 1; Files.exists(configFile(directory, id)); id++) {
      BrokerConfig config = load(configFile(directory, id));
      BrokerConfig.Listeners listeners = config.listeners();
      nodes.add(
          new DevNode(
              id,
              listeners.grpcPort(),
              listeners.ratisPort(),
              listeners.httpPort(),
              kafkaPort(config, id)));
    }
    return nodes.isEmpty() ? Optional.empty() : Optional.of(new DevLayout(directory, nodes));
  }

  private static BrokerConfig load(Path file) {
    return ConfigLoader.load(Optional.of(file), Map.of(), List.of());
  }

  /** Layouts of earlier versions do not say; all nodes on the default port would not do. */
  private static int kafkaPort(BrokerConfig config, int id) {
    return config.given().containsKey(KAFKA_PORT_KEY)
        ? config.listeners().kafka().map(BrokerConfig.Kafka::port).orElse(0)
        : DEFAULT_KAFKA_PORT + id - 1;
  }

  /** Writes each node's configuration and formats its data directory, unless that was done. */
  public void prepare() throws IOException {
    UUID clusterId = DataDirectory.clusterIdOf(dataDirectory(1)).orElseGet(UUID::randomUUID);
    for (DevNode node : nodes) {
      Files.createDirectories(nodeDirectory(directory, node.id()));
      Path file = configFile(directory, node.id());
      if (!Files.exists(file)) {
        Files.writeString(file, configuration(node));
      } else if (!load(file).given().containsKey(KAFKA_PORT_KEY)) {
        Files.writeString(
            file, KAFKA_PORT_KEY + ": " + node.kafkaPort() + "\n", StandardOpenOption.APPEND);
      }
      if (DataDirectory.clusterIdOf(dataDirectory(node.id())).isEmpty()) {
        DataDirectory.format(dataDirectory(node.id()), clusterId, node.id(), UUID.randomUUID());
      }
    }
  }

  /** Removes what runs of {@code dev} wrote into the directory, and nothing else. */
  public static void wipe(Path directory) {
    try (Stream<Path> children = Files.list(directory)) {
      List<Path> ours =
          children.filter(c -> c.getFileName().toString().startsWith(NODE_PREFIX)).toList();
      for (Path child : ours) {
        deleteTree(child);
      }
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED, "could not wipe " + directory + ": " + e, "remove it by hand", e);
    }
  }

  Path configFile(int id) {
    return configFile(directory, id);
  }

  Path logFile(int id) {
    return nodeDirectory(directory, id).resolve("broker.log");
  }

  /** Every node's gRPC listener. */
  public List<String> grpcAddresses() {
    return nodes.stream().map(DevNode::grpcAddress).toList();
  }

  private Path dataDirectory(int id) {
    return nodeDirectory(directory, id).resolve("data");
  }

  private String configuration(DevNode node) {
    int quorumSize = quorumSize(nodes.size());
    String members =
        nodes.stream()
            .limit(quorumSize)
            .map(n -> n.id() + "@" + n.grpcAddress() + "/" + n.ratisPort())
            .collect(Collectors.joining(", "));
    return """
    # Written by 'jangada dev'.
    node:
      id: %d
      roles: [%s]
    quorum:
      members: [%s]
    listeners:
      bind-host: %s
      grpc-port: %d
      ratis-port: %d
      http-port: %d
    kafka:
      port: %d
    storage:
      directory: data
    """
        .formatted(
            node.id(),
            node.id() <= quorumSize ? "quorum, broker" : "broker",
            members,
            HOST,
            node.grpcPort(),
            node.ratisPort(),
            node.httpPort(),
            node.kafkaPort());
  }

  private static Path nodeDirectory(Path directory, int id) {
    return directory.resolve(NODE_PREFIX + id);
  }

  private static Path configFile(Path directory, int id) {
    return nodeDirectory(directory, id).resolve("jangada.yaml");
  }

  private static void deleteTree(Path root) throws IOException {
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
