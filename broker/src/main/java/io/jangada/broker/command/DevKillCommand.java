// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.command;

import io.jangada.broker.dev.ClusterFile;
import io.jangada.broker.dev.LeaderView;
import io.jangada.broker.dev.Takeover;
import io.jangada.common.TopicPartition;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.OutageProbe;
import io.jangada.launcher.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code jangada dev kill}: kill -9 for one broker, and what it cost. */
@Command(
    name = "kill",
    description = {
      "Kill a broker of the local cluster as kill -9 does, and tell who leads its partitions now,"
          + " how long nothing was acknowledged, and whether anything was lost."
    })
public final class DevKillCommand implements Callable<Integer> {
  private static final long DEATH_TIMEOUT_S = 10;

  private final Invocation invocation;

  @ParentCommand @Nullable DevCommand dev;

  @ArgGroup(multiplicity = "1")
  Victim victim = new Victim();

  @Option(
      names = "--no-measure",
      description =
          "Only kill: do not produce into a topic of its own to measure how long nothing is"
              + " acknowledged, and whether anything is lost.")
  boolean noMeasure;

  /** One of the two ways to name a broker. */
  static final class Victim {
    @Parameters(paramLabel = "ID", description = "The broker's id.")
    @Nullable Integer id;

    @Option(
        names = "--leader",
        paramLabel = "TOPIC:PARTITION",
        description = "The broker that leads this partition.")
    @Nullable String leaderOf;
  }

  private record Moved(String topic, int partition, int leader, long afterMs) {}

  private record Answer(
      int broker,
      long pid,
      long leaderlessMs,
      OutageProbe.@Nullable Outage outage,
      List<Moved> partitions) {}

  /** Made by the launcher. */
  public DevKillCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() throws Exception {
    ClusterFile cluster = ClusterFile.ofRunning(DevCommand.directoryOf(dev));
    List<String> running =
        cluster.brokers().stream()
            .filter(ClusterFile.Entry::isRunning)
            .map(ClusterFile.Entry::grpc)
            .toList();
    Map<TopicPartition, Integer> leaders;
    try (LeaderView view = new LeaderView(running)) {
      leaders = view.leaders().orElse(Map.of());
    }
    ClusterFile.Entry target = cluster.broker(targetId(leaders));
    Set<TopicPartition> led = Takeover.ledBy(target.id(), leaders);
    List<String> survivors = running.stream().filter(a -> !a.equals(target.grpc())).toList();
    ProcessHandle process = requireRunning(target);
    if (survivors.isEmpty()) {
      // Nobody can take over, so there is nothing to wait for and nothing to measure.
      process.destroyForcibly();
      awaitDeath(process);
      print(target, Takeover.none(led), Optional.empty());
      return ExitCode.DONE.number();
    }
    try (LeaderView view = new LeaderView(survivors);
        OutageProbe.Measurement measurement = beginMeasurement(running, target)) {
      // The first call opens the connections, which is no part of the measurement.
      view.leaders();
      long killedNs = System.nanoTime();
      process.destroyForcibly();
      List<Takeover> takeovers =
          Takeover.await(view, target.id(), led, killedNs, invocation.timeout());
      Optional<OutageProbe.Outage> outage =
          measurement == null ? Optional.empty() : Optional.of(measurement.finish());
      awaitDeath(process);
      print(target, takeovers, outage);
    }
    return ExitCode.DONE.number();
  }

  private int targetId(Map<TopicPartition, Integer> leaders) {
    if (victim.id != null) {
      return victim.id;
    }
    TopicPartition partition = parsePartition(String.valueOf(victim.leaderOf));
    @Nullable Integer leader = leaders.get(partition);
    if (leader == null) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "expected a partition with a leader, but %s:%d has none, or does not exist"
              .formatted(partition.topic(), partition.partition()),
          "jangada partition list");
    }
    return leader;
  }

  private static TopicPartition parsePartition(String text) {
    int colon = text.lastIndexOf(':');
    String number = text.substring(colon + 1);
    if (colon < 1 || !number.matches("\\d{1,9}")) {
      throw new CommandException(
          ExitCode.USAGE,
          "expected TOPIC:PARTITION, but got '" + text + "'",
          "jangada dev kill --leader greetings:0");
    }
    return new TopicPartition(text.substring(0, colon), Integer.parseInt(number));
  }

  private OutageProbe.@Nullable Measurement beginMeasurement(
      List<String> bootstrap, ClusterFile.Entry target) throws InterruptedException {
    if (noMeasure) {
      return null;
    }
    Optional<OutageProbe> probe = ServiceLoader.load(OutageProbe.class).findFirst();
    return probe.isEmpty() ? null : probe.get().begin(bootstrap, target.id(), invocation.timeout());
  }

  private static ProcessHandle requireRunning(ClusterFile.Entry target) {
    return ProcessHandle.of(target.pid())
        .filter(handle -> target.isRunning() && handle.isAlive())
        .orElseThrow(
            () ->
                new CommandException(
                    ExitCode.FAILED,
                    "expected broker " + target.id() + " to run, but it is dead",
                    "jangada dev restart " + target.id()));
  }

  private static void awaitDeath(ProcessHandle process) throws Exception {
    try {
      process.onExit().get(DEATH_TIMEOUT_S, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new CommandException(
          ExitCode.UNAVAILABLE,
          "expected process " + process.pid() + " to die, but it still exists",
          "look at it with ps",
          e);
    }
  }

  private void print(
      ClusterFile.Entry target, List<Takeover> takeovers, Optional<OutageProbe.Outage> outage) {
    boolean orphans = takeovers.stream().anyMatch(takeover -> takeover.afterMs() < 0);
    long worstMs = takeovers.stream().mapToLong(Takeover::afterMs).max().orElse(0);
    Answer answer =
        new Answer(
            target.id(),
            target.pid(),
            orphans ? -1 : worstMs,
            outage.orElse(null),
            takeovers.stream()
                .map(
                    t ->
                        new Moved(
                            t.partition().topic(),
                            t.partition().partition(),
                            t.newLeader(),
                            t.afterMs()))
                .toList());
    invocation.printer().printText(answer, () -> describe(answer, orphans));
  }

  private static String describe(Answer answer, boolean orphans) {
    StringBuilder text = new StringBuilder();
    text.append("broker %d (pid %d) was killed\n".formatted(answer.broker(), answer.pid()));
    if (answer.outage() != null) {
      OutageProbe.Outage outage = answer.outage();
      text.append(
          "longest time without an acknowledgement: %d ms; acknowledged %d, lost %d, duplicated %d\n"
              .formatted(
                  outage.longestGapMs(),
                  outage.acknowledged(),
                  outage.lost(),
                  outage.duplicated()));
    }
    if (answer.partitions().isEmpty()) {
      return text.append("it led none of your partitions\n").toString();
    }
    text.append(
        orphans
            ? "some of its partitions have no leader now:\n"
            : "its partitions had no leader for at most %d ms:\n".formatted(answer.leaderlessMs()));
    Table table = new Table("PARTITION", "LEADER BEFORE", "NOW", "AFTER MS");
    for (Moved moved : answer.partitions()) {
      boolean taken = moved.afterMs() >= 0;
      table.row(
          moved.topic() + ":" + moved.partition(),
          answer.broker(),
          taken ? moved.leader() : "none",
          taken ? moved.afterMs() : "");
    }
    text.append(table.render());
    return text.append("start it again with: jangada dev restart %d\n".formatted(answer.broker()))
        .toString();
  }
}
