// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.topic;

import io.jangada.cli.Connection;
import io.jangada.cli.Outcomes;
import io.jangada.client.Admin;
import io.jangada.client.JangadaClient;
import io.jangada.client.Outcome;
import io.jangada.client.PartitionDescription;
import io.jangada.client.TopicDescription;
import io.jangada.common.TopicPartition;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada topic delete-records}. */
@Command(name = "delete-records", description = "Delete the oldest records of a topic.")
public final class TopicDeleteRecords implements Callable<Integer> {
  private static final String END = "end";

  private final Invocation invocation;

  @Parameters(paramLabel = "NAME", description = "Which topic.")
  private String name = "";

  @Option(
      names = "--before",
      required = true,
      paramLabel = "OFFSET",
      description = "The first offset to keep, or 'end' to keep nothing that is committed.")
  private String before = "";

  @Option(
      names = {"-p", "--partition"},
      paramLabel = "P",
      description = "Only in this partition (default: in all).")
  private @Nullable Integer partition;

  @Option(names = "--yes", description = "Do not ask; a script has to say it.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Say what would go, and delete nothing.")
  private boolean dryRun;

  /** Made by the launcher. */
  public TopicDeleteRecords(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(List<Partition> partitions, boolean dryRun) {}

  private record Partition(String topic, int partition, long logStartOffset, long deleted) {}

  @Override
  public Integer call() {
    long offset = offset();
    if (!dryRun && !yes) {
      throw new CommandException(
          ExitCode.UNSAFE,
          "expected --yes, since deleted records do not come back",
          "jangada topic delete-records %s --before %s --dry-run".formatted(name, before));
    }
    try (JangadaClient client = Connection.open(invocation)) {
      return run(client.admin(), offset);
    }
  }

  private long offset() {
    if (before.equals(END)) {
      return Admin.HIGH_WATERMARK;
    }
    try {
      long offset = Long.parseLong(before);
      if (offset >= 0) {
        return offset;
      }
    } catch (NumberFormatException e) {
      // Answered below, as a negative one is.
    }
    throw new CommandException(
        ExitCode.USAGE,
        "expected --before to be an offset or 'end', but got '" + before + "'",
        "jangada topic describe " + name);
  }

  Integer run(Admin admin, long offset) {
    TopicDescription topic = admin.describeTopics(List.of(name)).getFirst().orThrow();
    Map<TopicPartition, Long> wanted = new LinkedHashMap<>();
    Map<TopicPartition, PartitionDescription> known = new LinkedHashMap<>();
    for (PartitionDescription each : topic.partitions()) {
      if (partition == null || partition == each.partition()) {
        TopicPartition id = new TopicPartition(name, each.partition());
        wanted.put(id, offset);
        known.put(id, each);
      }
    }
    if (wanted.isEmpty()) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "expected a partition of " + name + ", but there is no " + partition,
          "jangada topic describe " + name);
    }
    List<Partition> done = new ArrayList<>();
    if (dryRun) {
      known.forEach((id, each) -> done.add(planned(id, each, offset)));
    } else {
      List<Outcome<Long>> outcomes = admin.deleteRecords(wanted);
      List<TopicPartition> ids = List.copyOf(wanted.keySet());
      for (int i = 0; i < ids.size(); i++) {
        if (outcomes.get(i).succeeded()) {
          done.add(deleted(ids.get(i), known.get(ids.get(i)), outcomes.get(i).orThrow()));
        }
      }
      print(done);
      Outcomes.throwFirstFailure(outcomes);
      return ExitCode.DONE.number();
    }
    print(done);
    return ExitCode.DONE.number();
  }

  private void print(List<Partition> done) {
    if (!done.isEmpty()) {
      invocation.printer().printText(new Answer(done, dryRun), () -> text(done));
    }
  }

  private static Partition planned(TopicPartition id, PartitionDescription before, long offset) {
    long end = before.offsets().highWatermark();
    long start = offset == Admin.HIGH_WATERMARK ? end : Math.min(offset, end);
    return deleted(id, before, Math.max(start, before.offsets().logStartOffset()));
  }

  private static Partition deleted(
      TopicPartition id, PartitionDescription before, long logStartOffset) {
    long gone = Math.max(0, logStartOffset - before.offsets().logStartOffset());
    return new Partition(id.topic(), id.partition(), logStartOffset, gone);
  }

  private String text(List<Partition> partitions) {
    StringBuilder text = new StringBuilder();
    for (Partition each : partitions) {
      text.append(
          "%s:%d %s at offset %d, %d offsets %s%n"
              .formatted(
                  each.topic(),
                  each.partition(),
                  dryRun ? "would begin" : "begins",
                  each.logStartOffset(),
                  each.deleted(),
                  dryRun ? "would go" : "are gone"));
    }
    return text.toString();
  }
}
