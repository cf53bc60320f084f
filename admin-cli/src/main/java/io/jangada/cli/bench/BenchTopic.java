// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.bench;

import io.jangada.cli.Connection;
import io.jangada.client.Admin;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import io.jangada.client.TopicDescription;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a measurement happens: a topic of the user's, or one of its own that goes afterwards. */
final class BenchTopic {
  private static final long POLL_MS = 20;

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      description = "Use this topic and keep it (default: a new one, which is deleted at the end).")
  private @Nullable String given;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Of the new topic (default: ${DEFAULT-VALUE}).")
  private int partitions = 6;

  @Option(
      names = "--replication-factor",
      paramLabel = "N",
      description = "Of the new topic (default: the cluster's).")
  private int replicationFactor;

  @Option(
      names = "--config",
      paramLabel = "KEY=VALUE",
      description = "A setting of the new topic, such as durability=memory.")
  private Map<String, String> configs = Map.of();

  private String name = "";

  /** The topic's name, while it is measured. */
  String name() {
    return name;
  }

  /** Whether the topic is the user's. */
  boolean kept() {
    return given != null;
  }

  /** What is measured in the topic. */
  @FunctionalInterface
  interface Measurement {
    /**
     * Measures and prints.
     *
     * @param partitions of the topic, each with a leader
     */
    void run(JangadaClient client, List<TopicPartition> partitions) throws InterruptedException;
  }

  /** Measures with the topic there, and removes it afterwards if it is not the user's. */
  Integer measure(Invocation invocation, Measurement measurement) throws InterruptedException {
    try (JangadaClient client = Connection.open(invocation)) {
      try {
        measurement.run(client, open(client, invocation.timeout()));
      } finally {
        close(client);
      }
    }
    return ExitCode.DONE.number();
  }

  /** Makes the topic where it is not given, and waits until every partition has a leader. */
  private List<TopicPartition> open(JangadaClient client, Duration timeout)
      throws InterruptedException {
    if (given != null) {
      name = given;
    } else {
      name = "jangada-bench-" + ProcessHandle.current().pid();
      client.admin().createTopic(new NewTopic(name, partitions, replicationFactor, configs));
    }
    return awaitLeaders(client.admin(), timeout);
  }

  /** Deletes the topic, unless it is the user's. */
  private void close(JangadaClient client) {
    if (given == null && !name.isEmpty()) {
      client.admin().deleteTopics(List.of(name), false);
    }
  }

  private List<TopicPartition> awaitLeaders(Admin admin, Duration timeout)
      throws InterruptedException {
    long deadlineNanos = System.nanoTime() + timeout.toNanos();
    while (true) {
      TopicDescription topic = admin.describeTopics(List.of(name)).getFirst().orThrow();
      if (topic.partitions().stream().allMatch(partition -> partition.leader() > 0)) {
        return IntStream.range(0, topic.partitions().size())
            .mapToObj(partition -> new TopicPartition(name, partition))
            .toList();
      }
      if (System.nanoTime() > deadlineNanos) {
        throw new JangadaException(
            ErrorCode.LEADER_NOT_AVAILABLE,
            "expected a leader for each partition of " + name + ", but some have none",
            "jangada partition list");
      }
      Thread.sleep(POLL_MS);
    }
  }
}
