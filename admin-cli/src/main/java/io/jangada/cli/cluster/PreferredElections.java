// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import io.jangada.cli.Outcomes;
import io.jangada.client.Admin;
import io.jangada.client.Outcome;
import io.jangada.client.PreferredElection;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Printer;
import io.jangada.launcher.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code jangada leader elect --preferred}: asks for it, and says what became of each partition.
 */
final class PreferredElections {
  private static final String MOVED = "moved";
  private static final String ALREADY = "already";
  private static final String REFUSED = "refused";
  private static final int UNKNOWN = -1;

  private final Printer printer;
  private final boolean dryRun;

  PreferredElections(Printer printer, boolean dryRun) {
    this.printer = printer;
    this.dryRun = dryRun;
  }

  private record Answer(List<Election> elections, boolean dryRun) {}

  /** Leaders are -1 where it was refused; the reason is null where it was not. */
  private record Election(
      String topic,
      int partition,
      int leaderBefore,
      int leader,
      String outcome,
      @Nullable String reason) {}

  Integer run(Admin admin, List<TopicPartition> asked) {
    List<Outcome<PreferredElection>> outcomes = admin.electPreferredLeaders(asked, dryRun);
    List<Election> elections = outcomes.stream().map(PreferredElections::election).toList();
    printer.printText(new Answer(elections, dryRun), () -> text(elections, asked.isEmpty()));
    Outcomes.throwFirstFailure(outcomes);
    return ExitCode.DONE.number();
  }

  private static Election election(Outcome<PreferredElection> outcome) {
    JangadaException error = outcome.error();
    if (error != null) {
      // An outcome is named as the partition's toString does.
      int dash = outcome.name().lastIndexOf('-');
      return new Election(
          outcome.name().substring(0, dash),
          Integer.parseInt(outcome.name().substring(dash + 1)),
          UNKNOWN,
          UNKNOWN,
          REFUSED,
          String.valueOf(error.getMessage()));
    }
    PreferredElection election = outcome.orThrow();
    return new Election(
        election.partition().topic(),
        election.partition().partition(),
        election.leaderBefore(),
        election.leader(),
        election.moved() ? MOVED : ALREADY,
        null);
  }

  /** Of all partitions only those are listed with which something is done or wrong. */
  private String text(List<Election> elections, boolean all) {
    List<Election> listed =
        elections.stream().filter(each -> !all || !each.outcome().equals(ALREADY)).toList();
    Table table = new Table("PARTITION", "BEFORE", "LEADER", "OUTCOME");
    for (Election each : listed) {
      table.row(
          each.topic() + ":" + each.partition(),
          leader(each.leaderBefore()),
          leader(each.leader()),
          outcome(each));
    }
    return (listed.isEmpty() ? "" : table.render())
        + "%d %smoved, %d already led by the preferred replica, %d refused%n"
            .formatted(
                count(elections, MOVED),
                dryRun ? "would be " : "",
                count(elections, ALREADY),
                count(elections, REFUSED));
  }

  private String outcome(Election election) {
    if (election.reason() != null) {
      return REFUSED + ": " + election.reason();
    }
    return dryRun && election.outcome().equals(MOVED) ? "would move" : election.outcome();
  }

  private static String leader(int broker) {
    return broker == UNKNOWN ? "-" : Integer.toString(broker);
  }

  private static long count(List<Election> elections, String outcome) {
    return elections.stream().filter(each -> each.outcome().equals(outcome)).count();
  }
}
