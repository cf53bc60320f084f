// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import io.jangada.cli.Connection;
import io.jangada.cli.Watching;
import io.jangada.client.Admin;
import io.jangada.client.JangadaClient;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.Table;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code jangada broker list}. */
@Command(
    name = "list",
    description = "Every registered broker: where it listens, whether it takes part.")
public final class BrokerList implements Callable<Integer> {
  private final Invocation invocation;

  /** Made by the launcher. */
  public BrokerList(Invocation invocation) {
    this.invocation = invocation;
  }

  @Mixin private Watching watching = new Watching();

  private record Answer(List<BrokerAnswer> brokers) {}

  @Override
  public Integer call() {
    try (JangadaClient client = Connection.open(invocation)) {
      return watching.run(invocation, () -> run(client.admin()));
    }
  }

  Integer run(Admin admin) {
    Answer answer = new Answer(admin.listBrokers().stream().map(BrokerAnswer::of).toList());
    invocation.printer().print(answer, wide -> table(answer.brokers(), wide));
    return ExitCode.DONE.number();
  }

  private static Table table(List<BrokerAnswer> brokers, boolean wide) {
    Table table =
        wide
            ? new Table("ID", "STATE", "GRPC", "KAFKA", "HTTP", "RACK", "EPOCH", "ROLES", "UNFIT")
            : new Table("ID", "STATE", "GRPC", "HTTP", "RACK", "UNFIT");
    for (BrokerAnswer b : brokers) {
      if (wide) {
        table.row(
            b.id(),
            b.state(),
            BrokerAnswer.shown(b.grpc()),
            BrokerAnswer.shown(b.kafka()),
            BrokerAnswer.shown(b.http()),
            BrokerAnswer.shown(b.rack()),
            b.brokerEpoch(),
            String.join(",", b.roles()),
            b.unfit());
      } else {
        table.row(
            b.id(),
            b.state(),
            BrokerAnswer.shown(b.grpc()),
            BrokerAnswer.shown(b.http()),
            BrokerAnswer.shown(b.rack()),
            b.unfit());
      }
    }
    return table;
  }
}
