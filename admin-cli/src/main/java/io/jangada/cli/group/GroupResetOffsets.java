// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.group;

import io.jangada.cli.Confirmation;
import io.jangada.cli.Connection;
import io.jangada.cli.Outcomes;
import io.jangada.cli.consume.StartPosition;
import io.jangada.client.Admin;
import io.jangada.client.Consumer;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.GroupDescription;
import io.jangada.client.GroupDescription.Offset;
import io.jangada.client.JangadaClient;
import io.jangada.client.Outcome;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada group reset-offsets}. */
@Command(name = "reset-offsets", description = "Say where a group without members reads on.")
public final class GroupResetOffsets implements Callable<Integer> {
  private static final long NONE = -1;

  private final Invocation invocation;

  @Parameters(paramLabel = "GROUP", description = "Which group.")
  private String group = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "WHERE",
      converter = StartPosition.Converter.class,
      description =
          "earliest, latest, an offset, -N for N records before the end, or a time such as"
              + " 2026-01-31T12:00:00Z or @1767225600000.")
  private StartPosition to = new StartPosition.Beginning();

  @Option(
      names = "--topic",
      paramLabel = "TOPIC[:P]",
      description =
          "Only in this topic or partition; may be repeated (default: wherever the group has"
              + " committed). With it the group need not exist.")
  private List<String> topics = new ArrayList<>();

  @Option(names = "--yes", description = "Do not ask for the group's name.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Say what would be committed, and commit nothing.")
  private boolean dryRun;

  /** Made by the launcher. */
  public GroupResetOffsets(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(String group, List<Partition> offsets, boolean dryRun) {}

  /** An offset before and after; -1 before: there was none. */
  private record Partition(String topic, int partition, long before, long offset) {}

  @Override
  public Integer call() {
    if (!dryRun && !yes) {
      new Confirmation(invocation)
          .require(
              List.of(group),
              "This overwrites how far the group has read.",
              "resetting offsets overwrites how far the group has read",
              "see what it would do with --dry-run, and then say --yes");
    }
    try (JangadaClient client = Connection.open(invocation);
        Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      return run(client.admin(), consumer);
    }
  }

  Integer run(Admin admin, Consumer consumer) {
    Optional<GroupDescription> present = present(admin);
    SortedMap<TopicPartition, Long> before = wanted(present, consumer);
    if (before.isEmpty()) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "expected group '" + group + "' to have committed something, but it has not",
          "say where with --topic TOPIC");
    }
    Map<TopicPartition, Long> target = new TreeMap<>(ByName.ORDER);
    target.putAll(targets(before, consumer));
    List<Outcome<Long>> outcomes = admin.alterGroupOffsets(group, target, dryRun);
    List<Partition> done = new ArrayList<>();
    List<TopicPartition> order = List.copyOf(target.keySet());
    for (int i = 0; i < order.size(); i++) {
      if (outcomes.get(i).succeeded()) {
        TopicPartition each = order.get(i);
        done.add(
            new Partition(
                each.topic(), each.partition(), before.get(each), outcomes.get(i).orThrow()));
      }
    }
    if (!done.isEmpty()) {
      invocation.printer().printText(new Answer(group, done, dryRun), () -> text(done));
    }
    Outcomes.throwFirstFailure(outcomes);
    return ExitCode.DONE.number();
  }

  private Optional<GroupDescription> present(Admin admin) {
    Outcome<GroupDescription> described =
        admin.describeGroups(List.of(group), Duration.ZERO).getFirst();
    JangadaException error = described.error();
    if (error != null && error.code() == ErrorCode.GROUP_NOT_FOUND && !topics.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(described.orThrow());
  }

  /** Which partitions, with what is committed now. */
  private SortedMap<TopicPartition, Long> wanted(
      Optional<GroupDescription> present, Consumer consumer) {
    SortedMap<TopicPartition, Long> committed = new TreeMap<>(ByName.ORDER);
    for (Offset offset : present.map(GroupDescription::offsets).orElse(List.of())) {
      OptionalLong known = offset.offset();
      if (known.isPresent() && offset.logEndOffset().isPresent()) {
        committed.put(offset.partition(), known.getAsLong());
      }
    }
    if (topics.isEmpty()) {
      return committed;
    }
    SortedMap<TopicPartition, Long> wanted = new TreeMap<>(ByName.ORDER);
    for (String each : topics) {
      for (TopicPartition partition : partitions(each, consumer)) {
        wanted.put(partition, committed.getOrDefault(partition, NONE));
      }
    }
    return wanted;
  }

  private static List<TopicPartition> partitions(String text, Consumer consumer) {
    int colon = text.lastIndexOf(':');
    String topic = colon < 0 ? text : text.substring(0, colon);
    int count = consumer.partitionCount(topic);
    List<TopicPartition> all = new ArrayList<>();
    for (int partition = 0; partition < count; partition++) {
      all.add(new TopicPartition(topic, partition));
    }
    if (colon < 0) {
      return all;
    }
    try {
      return List.of(all.get(Integer.parseInt(text.substring(colon + 1))));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "expected a partition of " + topic + " below " + count + ", but got '" + text + "'",
          "jangada topic describe " + topic,
          e);
    }
  }

  private Map<TopicPartition, Long> targets(
      SortedMap<TopicPartition, Long> before, Consumer consumer) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(before.keySet());
    Map<TopicPartition, Long> targets = to.offsets(consumer, ends);
    if (to instanceof StartPosition.At) {
      Map<TopicPartition, Long> begins = consumer.beginningOffsets(before.keySet());
      targets.forEach(
          (partition, offset) -> {
            long begin = begins.getOrDefault(partition, 0L);
            long end = ends.getOrDefault(partition, 0L);
            if (offset < begin || offset > end) {
              throw new CommandException(
                  ExitCode.USAGE,
                  "expected an offset of %s:%d from %d to %d, but got %d"
                      .formatted(partition.topic(), partition.partition(), begin, end, offset),
                  "choose another, or name the partitions that are meant with --topic TOPIC:P");
            }
          });
    }
    return targets;
  }

  private String text(List<Partition> done) {
    Table table = new Table("TOPIC", "PARTITION", "BEFORE", dryRun ? "WOULD-BE" : "NOW");
    for (Partition each : done) {
      table.row(
          each.topic,
          each.partition,
          each.before == NONE ? "-" : Long.toString(each.before),
          each.offset);
    }
    return table.render();
  }
}
