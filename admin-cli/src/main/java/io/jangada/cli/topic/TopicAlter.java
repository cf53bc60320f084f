// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.topic;

import io.jangada.cli.Connection;
import io.jangada.client.Admin;
import io.jangada.client.JangadaClient;
import io.jangada.client.PartitionIncrease;
import io.jangada.client.TopicConfigChange;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada topic alter}. */
@Command(
    name = "alter",
    description = {
      "Change a topic: its configuration, or how many partitions it has.",
      "Partitions can only be added. Records with a key may go to another partition from then on,"
          + " so that the order by key holds among the records before and among those after."
    })
public final class TopicAlter implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(paramLabel = "NAME", description = "Which topic.")
  private String name = "";

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Have this many partitions, more than there are.")
  private @Nullable Integer partitions;

  @Option(names = "--config", paramLabel = "KEY=VALUE", description = "Set this.")
  private Map<String, String> configs = new LinkedHashMap<>();

  @Option(
      names = "--delete-config",
      paramLabel = "KEY",
      description = "Go back to the default of this.")
  private List<String> deletedConfigs = new ArrayList<>();

  @Option(names = "--dry-run", description = "Check only.")
  private boolean dryRun;

  /** Made by the launcher. */
  public TopicAlter(Invocation invocation) {
    this.invocation = invocation;
  }

  /** Null where no partitions were asked for. */
  private record Partitions(int before, int total) {}

  private record Answer(
      String topic,
      Map<String, String> set,
      List<String> deleted,
      @Nullable Partitions partitions,
      boolean dryRun) {}

  @Override
  public Integer call() {
    check();
    try (JangadaClient client = Connection.open(invocation)) {
      return run(client.admin());
    }
  }

  private void check() {
    if (configs.isEmpty() && deletedConfigs.isEmpty() && partitions == null) {
      throw new CommandException(
          ExitCode.USAGE,
          "expected something to change, but there is neither --partitions nor --config nor"
              + " --delete-config",
          "jangada topic alter " + name + " --config retention.ms=86400000");
    }
    if (partitions != null && partitions < 1) {
      throw new CommandException(
          ExitCode.USAGE,
          "expected --partitions to be 1 or more, but got " + partitions,
          "jangada topic describe " + name);
    }
  }

  /** What cannot be undone comes last: only after the configuration is known to be acceptable. */
  Integer run(Admin admin) {
    if (!configs.isEmpty() || !deletedConfigs.isEmpty()) {
      TopicConfigChange change = new TopicConfigChange(name, configs, deletedConfigs);
      if (partitions != null) {
        admin.alterTopicConfigs(List.of(change), true).getFirst().orThrow();
        increase(admin, true);
      }
      admin.alterTopicConfigs(List.of(change), dryRun).getFirst().orThrow();
    }
    Partitions increased = partitions == null ? null : increase(admin, dryRun);
    Answer answer = new Answer(name, new TreeMap<>(configs), deletedConfigs, increased, dryRun);
    invocation.printer().printText(answer, () -> text(answer));
    return ExitCode.DONE.number();
  }

  private Partitions increase(Admin admin, boolean checkOnly) {
    int total = Objects.requireNonNull(partitions);
    PartitionIncrease increase =
        admin.createPartitions(Map.of(name, total), checkOnly).getFirst().orThrow();
    return new Partitions(increase.before(), increase.total());
  }

  private static String text(Answer answer) {
    String would = answer.dryRun() ? " would be" : "";
    StringBuilder text = new StringBuilder();
    answer
        .set()
        .forEach(
            (key, value) ->
                text.append("%s: %s%s set to %s%n".formatted(answer.topic(), key, would, value)));
    for (String key : answer.deleted()) {
      text.append("%s: %s%s back to its default%n".formatted(answer.topic(), key, would));
    }
    Partitions partitions = answer.partitions();
    if (partitions != null) {
      text.append(
          "%s: %s %d partitions, %d before%n"
              .formatted(
                  answer.topic(),
                  answer.dryRun() ? "there would be" : "now there are",
                  partitions.total(),
                  partitions.before()));
      text.append(
          "%s: records with a key may go to another partition than before%n"
              .formatted(answer.topic()));
    }
    return text.toString();
  }
}
