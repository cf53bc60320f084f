// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.topic;

import io.jangada.cli.Connection;
import io.jangada.client.Admin;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import io.jangada.client.TopicListing;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada topic create}. */
@Command(name = "create", description = "Create a topic.")
public final class TopicCreate implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(paramLabel = "NAME", description = "1 to 249 characters of a-z A-Z 0-9 . _ -")
  private String name = "";

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "How many (default: the cluster's).")
  private @Nullable Integer partitions;

  @Option(
      names = "--replication-factor",
      paramLabel = "N",
      description = "Replicas of each partition (default: the cluster's, min(3, brokers)).")
  private @Nullable Integer replicationFactor;

  @Option(names = "--config", paramLabel = "KEY=VALUE", description = "The topic's own settings.")
  private Map<String, String> configs = new LinkedHashMap<>();

  @Option(names = "--if-not-exists", description = "Be content if there is one of that name.")
  private boolean ifNotExists;

  @Option(names = "--dry-run", description = "Check only.")
  private boolean dryRun;

  /** Made by the launcher. */
  public TopicCreate(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(List<TopicAnswer> topics, boolean created, boolean dryRun) {}

  @Override
  public Integer call() {
    try (JangadaClient client = Connection.open(invocation)) {
      return run(client.admin());
    }
  }

  Integer run(Admin admin) {
    NewTopic topic =
        new NewTopic(
            name,
            given("--partitions", partitions),
            given("--replication-factor", replicationFactor),
            configs);
    TopicListing listing;
    boolean existed = false;
    try {
      listing = admin.createTopics(List.of(topic), dryRun).get(0).orThrow();
    } catch (JangadaException e) {
      if (!ifNotExists || e.code() != ErrorCode.TOPIC_ALREADY_EXISTS) {
        throw e;
      }
      existed = true;
      listing =
          admin.listTopics(true).stream()
              .filter(candidate -> candidate.name().equals(name))
              .findFirst()
              .orElseThrow(() -> e);
    }
    TopicAnswer answer = TopicAnswer.of(listing);
    String verb = existed ? "exists" : dryRun ? "would be created" : "created";
    invocation
        .printer()
        .printText(
            new Answer(List.of(answer), !existed && !dryRun, dryRun),
            () ->
                "%s %s: %d partitions, replication factor %d%n"
                    .formatted(
                        answer.name(), verb, answer.partitions(), answer.replicationFactor()));
    return ExitCode.DONE.number();
  }

  /** Zero, where it is not given, is the cluster's default. */
  private int given(String option, @Nullable Integer value) {
    if (value != null && value < 1) {
      throw new CommandException(
          ExitCode.USAGE,
          "expected " + option + " to be 1 or more, but got " + value,
          "leave it out for the cluster's default");
    }
    return value == null ? 0 : value;
  }
}
