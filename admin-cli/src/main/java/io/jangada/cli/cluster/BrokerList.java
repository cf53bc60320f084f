// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import io.jangada.cli.Connection;
import io.jangada.client.Admin;
import io.jangada.client.BrokerDescription;
import io.jangada.client.JangadaClient;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.Table;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

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

  private record Answer(List<Broker> brokers) {}

  private record Broker(
      int id,
      String grpc,
      String kafka,
      String http,
      String rack,
      String state,
      long brokerEpoch,
      List<String> roles,
      Map<String, String> unfitDirectories) {}

  @Override
  public Integer call() {
    try (JangadaClient client = Connection.open(invocation)) {
      return run(client.admin());
    }
  }

  Integer run(Admin admin) {
    Answer answer = new Answer(admin.listBrokers().stream().map(BrokerList::broker).toList());
    invocation.printer().print(answer, wide -> table(answer.brokers(), wide));
    return ExitCode.DONE.number();
  }

  private static Broker broker(BrokerDescription broker) {
    return new Broker(
        broker.id(),
        broker.grpcAddress(),
        broker.kafkaAddress(),
        broker.httpAddress(),
        broker.rack(),
        broker.state().name(),
        broker.brokerEpoch(),
        broker.roles(),
        broker.unfitDirectories().entrySet().stream()
            .collect(
                Collectors.toMap(
                    unfit -> unfit.getKey().toString(),
                    Map.Entry::getValue,
                    (first, second) -> second,
                    TreeMap::new)));
  }

  private static Table table(List<Broker> brokers, boolean wide) {
    Table table =
        wide
            ? new Table("ID", "STATE", "GRPC", "KAFKA", "HTTP", "RACK", "EPOCH", "ROLES", "UNFIT")
            : new Table("ID", "STATE", "GRPC", "HTTP", "RACK", "UNFIT");
    for (Broker b : brokers) {
      if (wide) {
        table.row(
            b.id,
            b.state,
            shown(b.grpc),
            shown(b.kafka),
            shown(b.http),
            shown(b.rack),
            b.brokerEpoch,
            String.join(",", b.roles),
            unfit(b));
      } else {
        table.row(b.id, b.state, shown(b.grpc), shown(b.http), shown(b.rack), unfit(b));
      }
    }
    return table;
  }

  /** Said only where there is one, with why. */
  private static String unfit(Broker broker) {
    return broker.unfitDirectories.isEmpty()
        ? "-"
        : String.join("; ", broker.unfitDirectories.values());
  }

  private static String shown(String text) {
    return text.isEmpty() ? "-" : text;
  }
}
