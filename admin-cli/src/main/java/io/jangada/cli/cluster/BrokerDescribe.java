// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import io.jangada.cli.Connection;
import io.jangada.cli.Outcomes;
import io.jangada.cli.Watching;
import io.jangada.client.Admin;
import io.jangada.client.BrokerDescription;
import io.jangada.client.JangadaClient;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code jangada broker describe}. */
@Command(name = "describe", description = "One broker, and the partitions it leads and follows.")
public final class BrokerDescribe implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(paramLabel = "ID", description = "The broker's id.")
  private int id;

  @Mixin private Watching watching = new Watching();

  /** Made by the launcher. */
  public BrokerDescribe(Invocation invocation) {
    this.invocation = invocation;
  }

  /**
   * The names are a contract.
   *
   * @param outOfSync the partitions, as TOPIC:PARTITION, of which it has a replica that lags
   */
  private record Answer(
      BrokerAnswer broker, List<String> leads, List<String> follows, List<String> outOfSync) {}

  @Override
  public Integer call() {
    try (JangadaClient client = Connection.open(invocation)) {
      return watching.run(invocation, () -> run(client.admin()));
    }
  }

  Integer run(Admin admin) {
    BrokerDescription broker =
        admin.listBrokers().stream()
            .filter(each -> each.id() == id)
            .findFirst()
            .orElseThrow(
                () ->
                    new CommandException(
                        ExitCode.NOT_FOUND, "there is no broker " + id, "jangada broker list"));
    List<PartitionAnswer> partitions =
        Outcomes.succeeded(admin.describeTopics(List.of())).stream()
            .flatMap(topic -> PartitionAnswer.of(topic).stream())
            .filter(partition -> partition.replicas().contains(id))
            .toList();
    Answer answer =
        new Answer(
            BrokerAnswer.of(broker),
            names(partitions.stream().filter(p -> p.leader() == id).toList()),
            names(partitions.stream().filter(p -> p.leader() != id).toList()),
            names(partitions.stream().filter(p -> !p.isr().contains(id)).toList()));
    invocation.printer().printText(answer, () -> text(answer));
    return ExitCode.DONE.number();
  }

  private static List<String> names(List<PartitionAnswer> partitions) {
    return partitions.stream().map(p -> p.topic() + ":" + p.partition()).toList();
  }

  private static String text(Answer answer) {
    return answer.broker().text()
        + "leads        %d partitions%n".formatted(answer.leads().size())
        + "follows      %d partitions%n".formatted(answer.follows().size())
        + "out of sync  "
        + (answer.outOfSync().isEmpty() ? "none" : String.join(" ", answer.outOfSync()))
        + "\n";
  }
}
