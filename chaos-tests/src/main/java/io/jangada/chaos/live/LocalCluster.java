// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A cluster of real broker processes on this machine.
 *
 * <pre>{@code
 * try (LocalCluster cluster = LocalCluster.start(3)) {
 *   cluster.node(2).kill();
 *   cluster.node(2).start();
 *   cluster.awaitReady();
 * }
 * }</pre>
 *
 * <p>However the program ends, no process outlives it. For one thread.
 */
public final class LocalCluster implements AutoCloseable {
  private static final Duration START_PATIENCE = Duration.ofMinutes(2);
  private static final Duration PROBE_INTERVAL = Duration.ofMillis(20);

  /** In a setting's value, for what differs from node to node. */
  public static final String OWN_ID = "{id}";

  private final Options options;
  private final Commands commands;
  private final List<NodeProcess> nodes;
  private final HttpClient http;
  private final Thread shutdownHook;

  /**
   * How a cluster is made.
   *
   * @param nodes how many brokers; all of them quorum members too, but the last of an even number
   * @param settings of every node beyond ids, ports and directory, as {@code --set} takes them;
   *     {@link #OWN_ID} in a value stands for the node's id
   * @param directory for everything; emptied first
   * @param temporary whether the directory is removed in the end
   * @param defaultPorts whether to use the default ports if they are free; else free ones
   * @param disks what the nodes keep their data on; closed with the cluster
   */
  public record Options(
      Distribution distribution,
      int nodes,
      Map<String, String> settings,
      Path directory,
      boolean temporary,
      boolean defaultPorts,
      Disks disks) {
    /** On the machine's own disk. */
    public Options(
        Distribution distribution,
        int nodes,
        Map<String, String> settings,
        Path directory,
        boolean temporary,
        boolean defaultPorts) {
      this(distribution, nodes, settings, directory, temporary, defaultPorts, Disks.OF_THE_MACHINE);
    }

    /** So many nodes on free ports in a temporary directory. */
    public static Options ofTest(int nodes) throws IOException {
      return new Options(
          Distribution.ofBuild(),
          nodes,
          Map.of(),
          Files.createTempDirectory("jangada-cluster-"),
          true,
          false);
    }

    /** A copy with these settings. */
    public Options withSettings(Map<String, String> value) {
      return new Options(distribution, nodes, value, directory, temporary, defaultPorts, disks);
    }

    /** A copy with these disks. */
    public Options withDisks(Disks value) {
      return new Options(distribution, nodes, settings, directory, temporary, defaultPorts, value);
    }
  }

  private LocalCluster(Options options) throws IOException {
    this.options = options;
    this.commands = new Commands(options.distribution());
    this.http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    List<NodePlan> plans =
        options.defaultPorts()
            ? NodePlan.onDefaultPorts(options.nodes(), options.directory())
            : NodePlan.onFreePorts(options.nodes(), options.directory());
    List<String> javaOptions = options.disks().javaOptions();
    this.nodes =
        plans.stream().map(plan -> new NodeProcess(plan, commands, http, javaOptions)).toList();
    this.shutdownHook = new Thread(this::abandon, "jangada-local-cluster-cleanup");
  }

  /** A ready cluster for a test: free ports, a temporary directory. */
  public static LocalCluster start(int nodes) throws IOException, InterruptedException {
    return start(Options.ofTest(nodes));
  }

  /**
   * A ready cluster.
   *
   * @throws IllegalStateException if a node ends or is not ready in time; has the end of its log
   */
  public static LocalCluster start(Options options) throws IOException, InterruptedException {
    LocalCluster cluster = new LocalCluster(options);
    Runtime.getRuntime().addShutdownHook(cluster.shutdownHook);
    try {
      cluster.format();
      for (NodeProcess node : cluster.nodes) {
        node.start();
      }
      cluster.awaitReady();
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** All nodes, in the order of their ids. */
  public List<NodeProcess> nodes() {
    return nodes;
  }

  /** The node with that id, from 1. */
  public NodeProcess node(int id) {
    return nodes.get(id - 1);
  }

  /** All nodes' addresses for clients: {@code host:port,…}. */
  public String bootstrap() {
    return nodes.stream().map(node -> node.plan().grpcAddress()).collect(Collectors.joining(","));
  }

  /** {@code jangada} of the same distribution. */
  public Commands commands() {
    return commands;
  }

  /** Waits until every node that runs is ready. */
  public void awaitReady() throws InterruptedException {
    awaitReady(START_PATIENCE);
  }

  /**
   * Waits until every node that runs is ready.
   *
   * @throws IllegalStateException if that takes longer, or a node ends meanwhile
   */
  public void awaitReady(Duration patience) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + patience.toNanos();
    List<NodeProcess> waiting =
        new ArrayList<>(nodes.stream().filter(NodeProcess::running).toList());
    while (!waiting.isEmpty()) {
      NodeProcess node = waiting.getFirst();
      if (node.ready()) {
        waiting.removeFirst();
      } else if (!node.running() || System.nanoTime() > deadlineNanos) {
        throw new IllegalStateException(
            "expected node %d to become ready within %d s, but it %s; the end of its log:%n%s"
                .formatted(
                    node.plan().id(),
                    patience.toSeconds(),
                    node.running() ? "is not" : "ended",
                    node.logTail()));
      } else {
        TimeUnit.NANOSECONDS.sleep(PROBE_INTERVAL.toNanos());
      }
    }
  }

  /** Kills every process and removes what is temporary. */
  @Override
  public void close() throws IOException {
    abandon();
    nodes.forEach(NodeProcess::awaitEnd);
    http.close();
    options.disks().close();
    if (options.temporary()) {
      deleteTree(options.directory());
    }
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook does the same as we did.
      return;
    }
  }

  private void abandon() {
    nodes.forEach(NodeProcess::abandon);
  }

  private void format() throws IOException, InterruptedException {
    deleteTree(options.directory());
    String clusterId = UUID.randomUUID().toString();
    // Of an even number one more member would cost the quorum without making it safer.
    int votes = (nodes.size() - 1) / 2 * 2 + 1;
    String members =
        nodes.stream()
            .limit(votes)
            .map(node -> node.plan().quorumMember())
            .collect(Collectors.joining(","));
    List<Process> formatting = new ArrayList<>();
    for (NodeProcess node : nodes) {
      NodePlan plan = node.plan();
      Files.createDirectories(plan.directory());
      options.disks().prepare(plan.id(), plan.dataDirectory());
      Files.writeString(
          plan.configFile(), plan.config(members) + role(plan.id() <= votes) + settings(plan.id()));
      formatting.add(
          commands
              .builder(
                  List.of("format", "-c", plan.configFile().toString(), "--cluster-id", clusterId))
              .redirectErrorStream(true)
              .redirectOutput(plan.directory().resolve("format.log").toFile())
              .start());
    }
    for (int i = 0; i < formatting.size(); i++) {
      if (formatting.get(i).waitFor() != 0) {
        Path log = nodes.get(i).plan().directory().resolve("format.log");
        throw new IOException("jangada format failed: " + Files.readString(log));
      }
    }
  }

  private static String role(boolean votes) {
    return votes ? "" : "node.roles: \"broker\"\n";
  }

  /** Further keys in their dotted form, which the configuration takes beside the nested one. */
  private String settings(int id) {
    StringBuilder text = new StringBuilder();
    options
        .settings()
        .forEach(
            (key, value) ->
                text.append(
                    "%s: \"%s\"%n".formatted(key, value.replace(OWN_ID, Integer.toString(id)))));
    return text.toString();
  }

  private static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(directory)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }
}
