// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.quorum;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.jangada.common.JangadaException;
import io.jangada.metadata.command.BrokerProfile;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.Endpoints;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.NodeRole;
import io.jangada.metadata.command.Provenance;
import io.jangada.metadata.liveness.LivenessSettings;
import io.jangada.metadata.membership.QuorumMember;
import io.jangada.metadata.rpc.BrokerIdentity;
import io.jangada.metadata.rpc.MetadataClient;
import io.jangada.metadata.rpc.MetadataClientConfig;
import io.jangada.metadata.rpc.RegistrationListener;
import io.jangada.metadata.store.LmdbMetadataStore;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Nodes with both roles, each with its own gRPC server, in this JVM on loopback. */
final class TestCluster implements AutoCloseable {
  static final UUID CLUSTER_ID = UUID.randomUUID();
  private static final Duration SESSION = Duration.ofSeconds(2);

  /** One node as the broker process wires it. */
  final class Node {
    final int id;
    final UUID directoryId;
    final CollectorRegistry registry = new CollectorRegistry();
    final List<Throwable> failures = new CopyOnWriteArrayList<>();
    final List<JangadaException> superseded = new CopyOnWriteArrayList<>();
    final QuorumNode quorum;
    final CompletableFuture<Void> ready;
    final MetadataClient client;
    final Server server;

    Node(int id, UUID directoryId, boolean joins) {
      this.id = id;
      this.directoryId = directoryId;
      this.quorum =
          QuorumNode.open(
              new QuorumNodeConfig(
                  CLUSTER_ID,
                  members.get(id - 1),
                  joins,
                  directoryId,
                  home(id).resolve("quorum"),
                  first,
                  LivenessSettings.DEFAULTS,
                  sizes),
              registry,
              failures::add);
      NettyServerBuilder builder = NettyServerBuilder.forAddress(address(members.get(id - 1)));
      quorum.services().forEach(builder::addService);
      this.server = builder.build();
      try {
        server.start();
        Files.createDirectories(home(id).resolve("metadata"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      this.ready = quorum.start();
      this.client =
          MetadataClient.open(
              new MetadataClientConfig(
                  CLUSTER_ID,
                  id,
                  first,
                  home(id).resolve("metadata"),
                  SESSION,
                  LmdbMetadataStore.Options.defaults()),
              registry);
      client.start();
    }

    CompletableFuture<Long> register() {
      return client.register(
          new BrokerIdentity(
              UUID.randomUUID(),
              new BrokerProfile(
                  new Endpoints(members.get(id - 1).grpcAddress(), "", ""),
                  "",
                  List.of(NodeRole.QUORUM, NodeRole.BROKER),
                  FeatureRange.SUPPORTED),
              new Provenance(
                  List.of(UUID.nameUUIDFromBytes(new byte[] {(byte) id})),
                  new UUID(1, 1),
                  Provenance.UNCLEAN)),
          new RegistrationListener() {
            @Override
            public void registered(long brokerEpoch) {}

            @Override
            public void fenced(boolean fenced) {}

            @Override
            public void superseded(JangadaException reason) {
              superseded.add(reason);
            }
          });
    }

    /** Everything of the node ends at once; other nodes see broken connections. */
    void stop() {
      server.shutdownNow();
      client.close();
      quorum.close();
    }
  }

  private final Path directory;
  private final QuorumNodeConfig.Sizes sizes;
  private final List<QuorumMember> members = new ArrayList<>();

  /** What all nodes are configured with. */
  private final List<QuorumMember> first = new ArrayList<>();

  private final Map<Integer, UUID> directoryIds = new TreeMap<>();
  private final Map<Integer, Node> nodes = new TreeMap<>();

  TestCluster(Path directory, int size, QuorumNodeConfig.Sizes sizes) {
    this.directory = directory;
    this.sizes = sizes;
    for (int id = 1; id <= size; id++) {
      more();
    }
    first.addAll(members);
  }

  /** One more node, which is no member of the first quorum. */
  QuorumMember more() {
    QuorumMember member = new QuorumMember(members.size() + 1, freeAddress(), freeAddress());
    members.add(member);
    directoryIds.put(member.nodeId(), UUID.randomUUID());
    return member;
  }

  QuorumMember member(int id) {
    return members.get(id - 1);
  }

  UUID directoryId(int id) {
    return java.util.Objects.requireNonNull(directoryIds.get(id));
  }

  /** The machine is lost, and another one comes in its place, with an empty disk and its id. */
  void replace(int id) throws IOException {
    members.set(id - 1, new QuorumMember(id, freeAddress(), freeAddress()));
    directoryIds.put(id, UUID.randomUUID());
    Files.move(home(id), home(id).resolveSibling("lost" + id));
  }

  /** The disk is lost, and an empty one comes in its place. */
  void loseDisk(int id) throws IOException {
    directoryIds.put(id, UUID.randomUUID());
    Files.move(home(id), home(id).resolveSibling("lost" + id));
  }

  TestCluster(Path directory, int size) {
    this(directory, size, QuorumNodeConfig.Sizes.defaults());
  }

  static String freeAddress() {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return "127.0.0.1:" + socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InetSocketAddress address(QuorumMember member) {
    String grpc = member.grpcAddress();
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), Integer.parseInt(grpc.substring(grpc.indexOf(':') + 1)));
  }

  Path home(int id) {
    return directory.resolve("n" + id);
  }

  Node start(int id) {
    return start(id, directoryIds.get(id));
  }

  Node start(int id, UUID directoryId) {
    return start(id, directoryId, false);
  }

  /** A node that waits to be added, unless it was before. */
  Node startJoining(int id) {
    return start(id, directoryIds.get(id), true);
  }

  private Node start(int id, UUID directoryId, boolean joins) {
    Node node = new Node(id, directoryId, joins);
    nodes.put(id, node);
    return node;
  }

  void startAll() {
    for (QuorumMember member : members) {
      start(member.nodeId());
    }
  }

  void stop(int id) {
    @Nullable Node node = nodes.remove(id);
    if (node != null) {
      node.stop();
    }
  }

  Node get(int id) {
    return java.util.Objects.requireNonNull(nodes.get(id));
  }

  List<Node> running() {
    return List.copyOf(nodes.values());
  }

  Node awaitController() {
    await("a controller", () -> running().stream().anyMatch(node -> node.quorum.isController()));
    return running().stream().filter(node -> node.quorum.isController()).findFirst().orElseThrow();
  }

  /** Registers all running nodes as brokers and waits until they are in service. */
  void awaitBrokers() throws Exception {
    List<CompletableFuture<Long>> epochs = running().stream().map(Node::register).toList();
    for (CompletableFuture<Long> epoch : epochs) {
      epoch.get(20, TimeUnit.SECONDS);
    }
    await(
        "all brokers in service everywhere",
        () ->
            running().stream()
                .allMatch(
                    node ->
                        running().stream()
                            .allMatch(other -> node.client.image().inService(other.id))));
  }

  UUID createTopic(Node via, String name, int partitions, int replicas) throws Exception {
    ControllerAnswer answer =
        via.client
            .submit(
                new ControllerRequest.CreateTopics(
                    List.of(new ControllerRequest.NewTopic(name, partitions, replicas, Map.of())),
                    false))
            .get(20, TimeUnit.SECONDS);
    ControllerAnswer.CreateTopicResult result =
        ((ControllerAnswer.TopicsCreated) answer).results().getFirst();
    if (result.refusal() != null) {
      throw result.refusal().toException();
    }
    via.client.reached(answer.index()).get(20, TimeUnit.SECONDS);
    return java.util.Objects.requireNonNull(result.topicId());
  }

  static long epochOf(MetadataClient client, int brokerId) {
    @Nullable BrokerRegistration broker = client.image().broker(brokerId);
    return broker == null ? BrokerRegistration.UNASSIGNED : broker.brokerEpoch();
  }

  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("expected " + what + " within 20 s");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void close() {
    List.copyOf(nodes.keySet()).forEach(this::stop);
  }
}
