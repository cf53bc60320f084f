// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.topic;

import io.jangada.cli.Connection;
import io.jangada.cli.Outcomes;
import io.jangada.cli.Watching;
import io.jangada.cli.cluster.PartitionAnswer;
import io.jangada.client.Admin;
import io.jangada.client.JangadaClient;
import io.jangada.client.Outcome;
import io.jangada.client.TopicDescription;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.OutputFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code jangada topic describe}. */
@Command(
    name = "describe",
    description = "Topics in full: settings, partitions, leaders, in-sync replicas, offsets.")
public final class TopicDescribe implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(arity = "1..*", paramLabel = "NAME", description = "Which topics.")
  private List<String> names = new ArrayList<>();

  @Mixin private Watching watching = new Watching();

  /** Made by the launcher. */
  public TopicDescribe(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(List<Topic> topics) {}

  private record Topic(
      String name,
      String id,
      boolean internal,
      Map<String, String> configs,
      List<PartitionAnswer> partitions) {}

  @Override
  public Integer call() {
    try (JangadaClient client = Connection.open(invocation)) {
      return watching.run(invocation, () -> run(client.admin()));
    }
  }

  Integer run(Admin admin) {
    List<Outcome<TopicDescription>> outcomes = admin.describeTopics(names);
    List<Topic> topics = Outcomes.succeeded(outcomes).stream().map(TopicDescribe::topic).toList();
    if (!topics.isEmpty()) {
      boolean wide = invocation.output() == OutputFormat.WIDE;
      invocation.printer().printText(new Answer(topics), () -> text(topics, wide));
    }
    Outcomes.throwFirstFailure(outcomes);
    return ExitCode.DONE.number();
  }

  private static Topic topic(TopicDescription topic) {
    return new Topic(
        topic.name(),
        topic.id().toString(),
        topic.internal(),
        new TreeMap<>(topic.configs()),
        PartitionAnswer.of(topic));
  }

  private static String text(List<Topic> topics, boolean wide) {
    StringBuilder text = new StringBuilder();
    for (Topic topic : topics) {
      text.append(text.isEmpty() ? "" : "\n");
      text.append(
          "%s  id %s  partitions %d%n".formatted(topic.name, topic.id, topic.partitions.size()));
      topic.configs.forEach((key, value) -> text.append("  %s=%s%n".formatted(key, value)));
      text.append('\n').append(PartitionAnswer.table(topic.partitions, wide).render());
    }
    return text.toString();
  }
}
