// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import io.jangada.cli.Connection;
import io.jangada.cli.Outcomes;
import io.jangada.cli.Watching;
import io.jangada.client.Admin;
import io.jangada.client.JangadaClient;
import io.jangada.client.Outcome;
import io.jangada.client.TopicDescription;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code jangada partition list}. */
@Command(
    name = "list",
    description = "Every partition: who leads, who is in sync, its offsets (-o wide: epochs too).")
public final class PartitionList implements Callable<Integer> {
  private final Invocation invocation;

  @Mixin private Watching watching = new Watching();

  /** Made by the launcher. */
  public PartitionList(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(List<PartitionAnswer> partitions) {}

  @Override
  public Integer call() {
    try (JangadaClient client = Connection.open(invocation)) {
      return watching.run(invocation, () -> run(client.admin()));
    }
  }

  Integer run(Admin admin) {
    List<Outcome<TopicDescription>> topics = admin.describeTopics(List.of());
    List<PartitionAnswer> partitions =
        Outcomes.succeeded(topics).stream()
            .flatMap(topic -> PartitionAnswer.of(topic).stream())
            .toList();
    invocation
        .printer()
        .print(new Answer(partitions), wide -> PartitionAnswer.table(partitions, wide));
    Outcomes.throwFirstFailure(topics);
    return ExitCode.DONE.number();
  }
}
