// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import io.jangada.cli.Connection;
import io.jangada.cli.Outcomes;
import io.jangada.cli.Watching;
import io.jangada.client.Admin;
import io.jangada.client.JangadaClient;
import io.jangada.client.Outcome;
import io.jangada.client.TopicDescription;
import io.jangada.common.TopicPartition;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code jangada partition describe}. */
@Command(name = "describe", description = "Everything that is known of single partitions.")
public final class PartitionDescribe implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(arity = "1..*", paramLabel = "TOPIC:PARTITION", description = "Which partitions.")
  private List<String> names = new ArrayList<>();

  @Mixin private Watching watching = new Watching();

  /** Made by the launcher. */
  public PartitionDescribe(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(List<PartitionAnswer> partitions) {}

  @Override
  public Integer call() {
    List<TopicPartition> asked = names.stream().map(LeaderElect::parse).toList();
    try (JangadaClient client = Connection.open(invocation)) {
      return watching.run(invocation, () -> run(client.admin(), asked));
    }
  }

  Integer run(Admin admin, List<TopicPartition> asked) {
    List<String> topics = asked.stream().map(TopicPartition::topic).distinct().toList();
    List<Outcome<TopicDescription>> outcomes = admin.describeTopics(topics);
    Map<TopicPartition, PartitionAnswer> known = new LinkedHashMap<>();
    for (TopicDescription topic : Outcomes.succeeded(outcomes)) {
      for (PartitionAnswer each : PartitionAnswer.of(topic)) {
        known.put(new TopicPartition(each.topic(), each.partition()), each);
      }
    }
    Outcomes.throwFirstFailure(outcomes);
    List<PartitionAnswer> found = new ArrayList<>();
    for (TopicPartition each : asked) {
      PartitionAnswer answer = known.get(each);
      if (answer == null) {
        throw new CommandException(
            ExitCode.NOT_FOUND,
            "expected a partition of " + each.topic() + ", but there is no " + each.partition(),
            "jangada topic describe " + each.topic());
      }
      found.add(answer);
    }
    invocation.printer().printText(new Answer(found), () -> text(found));
    return ExitCode.DONE.number();
  }

  private static String text(List<PartitionAnswer> partitions) {
    StringBuilder text = new StringBuilder();
    for (PartitionAnswer each : partitions) {
      text.append(text.isEmpty() ? "" : "\n").append(each.text());
    }
    return text.toString();
  }
}
