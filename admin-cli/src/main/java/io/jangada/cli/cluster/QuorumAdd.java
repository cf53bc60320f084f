// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import io.jangada.cli.Connection;
import io.jangada.client.Admin;
import io.jangada.client.JangadaClient;
import io.jangada.client.QuorumCandidate;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada quorum add}. */
@Command(
    name = "add",
    description = {
      "Add a node to the members of the metadata quorum, one at a time.",
      "It runs with the role quorum and waits for that: because quorum.members does not list it, or"
          + " because it was formatted with --join in place of a member that is lost and was"
          + " removed."
    })
public final class QuorumAdd implements Callable<Integer> {
  private static final Pattern SYNTAX =
      Pattern.compile("([1-9]\\d{0,8})@(\\S+):(\\d{1,5})/(\\d{1,5})");

  private final Invocation invocation;

  @Parameters(
      paramLabel = "ID@HOST:GRPCPORT/RATISPORT",
      description = "The node, and where the others reach it.")
  private String member = "";

  @Option(
      names = "--directory",
      paramLabel = "UUID",
      description = "Only with this disk: directory.id in its meta.properties.")
  private @Nullable UUID directory;

  @Option(names = "--dry-run", description = "Check only.")
  private boolean dryRun;

  /** Made by the launcher. */
  public QuorumAdd(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    QuorumCandidate candidate = candidate();
    try (JangadaClient client = Connection.open(invocation)) {
      return run(client.admin(), candidate);
    }
  }

  Integer run(Admin admin, QuorumCandidate candidate) {
    QuorumSize size =
        new QuorumSize(candidate.nodeId(), admin.addQuorumMember(candidate, dryRun), dryRun);
    invocation
        .printer()
        .printText(
            size,
            () ->
                "node %d %s in the quorum%n%s"
                    .formatted(size.nodeId(), dryRun ? "would vote" : "votes", size.text()));
    return ExitCode.DONE.number();
  }

  QuorumCandidate candidate() {
    Matcher matcher = SYNTAX.matcher(member);
    if (!matcher.matches()) {
      throw new CommandException(
          ExitCode.USAGE,
          "expected ID@HOST:GRPCPORT/RATISPORT, but got '" + member + "'",
          "jangada quorum add 4@10.0.0.4:7400/7401");
    }
    String host = matcher.group(2);
    return new QuorumCandidate(
        Integer.parseInt(matcher.group(1)),
        host + ":" + matcher.group(3),
        host + ":" + matcher.group(4),
        Optional.ofNullable(directory));
  }
}
