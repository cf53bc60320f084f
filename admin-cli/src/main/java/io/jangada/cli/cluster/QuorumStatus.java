// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import io.jangada.cli.Connection;
import io.jangada.cli.Watching;
import io.jangada.client.Admin;
import io.jangada.client.JangadaClient;
import io.jangada.client.QuorumDescription;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.Table;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code jangada quorum status}. */
@Command(
    name = "status",
    description = "Who leads the metadata quorum, and how far each member is.")
public final class QuorumStatus implements Callable<Integer> {
  private final Invocation invocation;

  @Mixin private Watching watching = new Watching();

  /** Made by the launcher. */
  public QuorumStatus(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    try (JangadaClient client = Connection.open(invocation)) {
      return watching.run(invocation, () -> run(client.admin()));
    }
  }

  /** Prints the description as it is: its component names are the JSON contract. */
  Integer run(Admin admin) {
    QuorumDescription quorum = admin.describeQuorum();
    invocation.printer().printText(quorum, () -> text(quorum));
    return ExitCode.DONE.number();
  }

  private static String text(QuorumDescription quorum) {
    Table members =
        new Table("NODE", "ROLE", "GRPC", "RATIS", "MATCH-INDEX", "LAST-CONTACT-MS", "DIRECTORY");
    for (QuorumDescription.Member member : quorum.members()) {
      members.row(
          member.nodeId(),
          member.leader() ? "leader" : "follower",
          member.grpcAddress().isEmpty() ? "-" : member.grpcAddress(),
          member.address(),
          known(member.matchIndex()),
          known(member.lastContactMs()),
          member.directoryId().isEmpty() ? "-" : member.directoryId());
    }
    return """
    cluster %s, feature level %d
    leader %s, term %d, controller epoch %d, committed index %d

    %s\
    """
        .formatted(
            quorum.clusterId(),
            quorum.featureLevel(),
            quorum.leaderId() < 0 ? "none" : quorum.leaderId(),
            quorum.term(),
            quorum.controllerEpoch(),
            quorum.committedIndex(),
            members.render());
  }

  private static String known(long value) {
    return value < 0 ? "-" : Long.toString(value);
  }
}
