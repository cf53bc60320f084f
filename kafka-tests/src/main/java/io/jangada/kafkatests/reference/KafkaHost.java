// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.reference;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * The process in which a reference Kafka runs: {@code KafkaHost DIRECTORY CONTROLLER_PORT
 * BROKER_PORT… [SETTING=VALUE]…}. It formats the directories as {@code kafka-storage} does, starts
 * the nodes as {@code kafka-server-start} does, writes the file {@value #READY} and ends with its
 * standard input.
 */
public final class KafkaHost {
  /** Appears in the directory once every broker serves. */
  static final String READY = "ready";

  private static final int CONTROLLER_ID = 1;
  private static final int REMOVAL_ATTEMPTS = 10;

  private KafkaHost() {}

  /** See the class. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    Thread.ofPlatform().daemon().name("end-with-parent").start(() -> endWithParent(directory));
    int controllerPort = Integer.parseInt(arguments[1]);
    List<Integer> ports = new ArrayList<>();
    Map<String, String> further = new TreeMap<>();
    for (String argument : List.of(arguments).subList(2, arguments.length)) {
      String[] setting = argument.split("=", 2);
      if (setting.length == 2) {
        further.put(setting[0], setting[1]);
      } else {
        ports.add(Integer.parseInt(argument));
      }
    }
    String clusterId = Uuid.randomUuid().toString();
    List<KafkaRaftServer> servers = new ArrayList<>();
    for (int id = 1; id <= ports.size(); id++) {
      Map<String, String> settings = settings(directory, id, controllerPort, ports);
      settings.putAll(further);
      format(directory, id, clusterId, settings);
      Properties properties = new Properties();
      properties.putAll(settings);
      servers.add(new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM));
    }
    List<Thread> starting =
        servers.stream().map(server -> Thread.ofPlatform().start(server::startup)).toList();
    for (Thread thread : starting) {
      thread.join();
    }
    awaitBrokers(ports);
    Files.createFile(directory.resolve(READY));
    for (KafkaRaftServer server : servers) {
      server.awaitShutdown();
    }
  }

  /** Defaults, but for what one small machine and a short life ask for. */
  private static Map<String, String> settings(
      Path directory, int id, int controllerPort, List<Integer> ports) {
    boolean controller = id == CONTROLLER_ID;
    String listener = "PLAINTEXT://localhost:" + ports.get(id - 1);
    Map<String, String> settings = new TreeMap<>();
    settings.put("process.roles", controller ? "broker,controller" : "broker");
    settings.put("node.id", Integer.toString(id));
    settings.put("broker.rack", "rack-" + id);
    settings.put("controller.quorum.voters", CONTROLLER_ID + "@localhost:" + controllerPort);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put(
        "listeners",
        controller ? listener + ",CONTROLLER://localhost:" + controllerPort : listener);
    settings.put("advertised.listeners", listener);
    settings.put("log.dirs", directory.resolve("broker-" + id).toString());
    // Conversations tell times long ago, and what they write is to stay.
    settings.put("log.initial.task.delay.ms", Integer.toString(Integer.MAX_VALUE));
    settings.put("auto.create.topics.enable", "false");
    settings.put("offsets.topic.num.partitions", "2");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("transaction.state.log.num.partitions", "2");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put(
        "replica.selector.class", "org.apache.kafka.common.replica.RackAwareReplicaSelector");
    return settings;
  }

  private static void format(Path directory, int id, String clusterId, Map<String, String> settings)
      throws IOException {
    Path file = directory.resolve("broker-" + id + ".properties");
    List<String> lines = new ArrayList<>();
    settings.forEach((key, value) -> lines.add(key + "=" + value));
    Files.write(file, lines);
    int exit =
        StorageTool.execute(
            new String[] {"format", "-t", clusterId, "-c", file.toString()}, System.out);
    if (exit != 0) {
      throw new IOException("kafka-storage format ended with " + exit);
    }
  }

  private static void awaitBrokers(List<Integer> ports) throws Exception {
    for (int port : ports) {
      Map<String, Object> settings =
          Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:" + port);
      try (Admin admin = Admin.create(settings)) {
        while (admin.describeCluster().nodes().get().size() < ports.size()) {
          TimeUnit.MILLISECONDS.sleep(20);
        }
      }
    }
  }

  /** Removes everything too: the parent, if it was killed, no longer can. */
  private static void endWithParent(Path directory) {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
      for (int attempt = 0; attempt < REMOVAL_ATTEMPTS && Files.exists(directory); attempt++) {
        remove(directory);
      }
    } catch (IOException e) {
      System.err.println("the parent's end: " + e);
    }
    Runtime.getRuntime().halt(0);
  }

  /** The brokers go on writing meanwhile: what appears behind our back is for the next attempt. */
  private static void remove(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(directory)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      try {
        Files.deleteIfExists(path);
      } catch (DirectoryNotEmptyException e) {
        System.err.println("removed in the next attempt: " + path);
      }
    }
  }
}
