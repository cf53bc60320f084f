// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import io.jangada.cli.Connection;
import io.jangada.client.Admin;
import io.jangada.client.JangadaClient;
import io.jangada.common.TopicPartition;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada leader elect}. */
@Command(
    name = "elect",
    description = {
      "Move leaderships to the preferred replicas, the first of each partition's (--preferred), in"
          + " the partitions named or in all. Nothing is lost; a replica that is out of service or"
          + " not in sync is refused.",
      "Or elect a leader in a partition that has none because no replica is left that surely has"
          + " every acknowledged record (--from-last-known). What the new leader lacks is lost."
          + " Wherever a replica that has everything may come back, or somebody leads, it is"
          + " refused."
    })
public final class LeaderElect implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(paramLabel = "TOPIC:PARTITION", description = "Which partitions.")
  private List<String> partitions = new ArrayList<>();

  @Option(
      names = "--preferred",
      description = "The preferred replicas; without partitions those of all.")
  private boolean preferred;

  @Option(
      names = "--from-last-known",
      description = "From the replicas that were the last known to have everything.")
  private boolean fromLastKnown;

  @Option(
      names = "--broker",
      paramLabel = "ID",
      description = "Elect the replica of this broker, whatever it has.")
  private @Nullable Integer broker;

  @Option(names = "--force", description = "Accept the loss of records.")
  private boolean force;

  @Option(names = "--dry-run", description = "Only say who would be elected.")
  private boolean dryRun;

  /** Made by the launcher. */
  public LeaderElect(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(String topic, int partition, int leader, boolean dryRun) {}

  @Override
  public Integer call() {
    check();
    List<TopicPartition> asked = partitions.stream().map(LeaderElect::parse).toList();
    try (JangadaClient client = Connection.open(invocation)) {
      return run(client.admin(), asked);
    }
  }

  void check() {
    if (preferred == fromLastKnown) {
      throw new CommandException(
          ExitCode.USAGE,
          "expected --preferred or --from-last-known, but got " + (preferred ? "both" : "neither"),
          "jangada leader elect --preferred");
    }
    if (preferred && (force || broker != null)) {
      throw new CommandException(
          ExitCode.USAGE,
          "expected --force and --broker with --from-last-known only: the preferred replica is the"
              + " first, and nothing is lost",
          "jangada leader elect --preferred");
    }
    if (fromLastKnown && partitions.size() != 1) {
      throw new CommandException(
          ExitCode.USAGE,
          "expected one partition with --from-last-known, but got " + partitions.size(),
          "jangada partition list shows the partitions there are");
    }
  }

  Integer run(Admin admin, List<TopicPartition> asked) {
    return preferred
        ? new PreferredElections(invocation.printer(), dryRun).run(admin, asked)
        : electFromLastKnown(admin, asked.getFirst());
  }

  private Integer electFromLastKnown(Admin admin, TopicPartition asked) {
    OptionalInt candidate = broker == null ? OptionalInt.empty() : OptionalInt.of(broker);
    boolean only = dryRun || !force;
    int leader = admin.electFromLastKnown(asked, candidate, only);
    if (!dryRun && !force) {
      throw new CommandException(
          ExitCode.UNSAFE,
          "broker "
              + leader
              + " would lead "
              + name(asked)
              + "; acknowledged records that it lacks would be lost for good, on every replica",
          "jangada leader elect --from-last-known --force "
              + (broker == null ? "" : "--broker " + broker + " ")
              + name(asked));
    }
    Answer answer = new Answer(asked.topic(), asked.partition(), leader, dryRun);
    invocation
        .printer()
        .printText(
            answer,
            () ->
                name(asked)
                    + ": broker "
                    + leader
                    + (dryRun ? " would lead" : " leads; check what its consumers expect to find")
                    + System.lineSeparator());
    return ExitCode.DONE.number();
  }

  private static String name(TopicPartition partition) {
    return partition.topic() + ":" + partition.partition();
  }

  /**
   * A partition as people write it.
   *
   * @throws CommandException {@link ExitCode#USAGE} if it is none
   */
  static TopicPartition parse(String text) {
    int colon = text.lastIndexOf(':');
    try {
      int number = Integer.parseInt(text.substring(colon + 1));
      if (colon > 0 && number >= 0) {
        return new TopicPartition(text.substring(0, colon), number);
      }
    } catch (NumberFormatException e) {
      throw malformed(text, e);
    }
    throw malformed(text, null);
  }

  private static CommandException malformed(String text, @Nullable Throwable cause) {
    return new CommandException(
        ExitCode.USAGE,
        "expected TOPIC:PARTITION, but got '" + text + "'",
        "jangada partition list shows the partitions there are",
        cause);
  }
}
