// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.topic;

import io.jangada.cli.Connection;
import io.jangada.client.Admin;
import io.jangada.client.JangadaClient;
import io.jangada.client.TopicConfigChange;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada topic alter}. */
@Command(name = "alter", description = "Change the configuration of a topic.")
public final class TopicAlter implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(paramLabel = "NAME", description = "Which topic.")
  private String name = "";

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

  private record Answer(
      String topic, Map<String, String> set, List<String> deleted, boolean dryRun) {}

  @Override
  public Integer call() {
    if (configs.isEmpty() && deletedConfigs.isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE,
          "expected something to change, but there is neither --config nor --delete-config",
          "jangada topic alter " + name + " --config retention.ms=86400000");
    }
    try (JangadaClient client = Connection.open(invocation)) {
      return run(client.admin());
    }
  }

  Integer run(Admin admin) {
    TopicConfigChange change = new TopicConfigChange(name, configs, deletedConfigs);
    admin.alterTopicConfigs(List.of(change), dryRun).getFirst().orThrow();
    Answer answer = new Answer(name, new TreeMap<>(configs), deletedConfigs, dryRun);
    invocation.printer().printText(answer, () -> text(answer));
    return ExitCode.DONE.number();
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
    return text.toString();
  }
}
