// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.consume;

import io.jangada.cli.Connection;
import io.jangada.cli.Progress;
import io.jangada.client.Consumer;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.GroupConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.OffsetReset;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada consume}. */
@Command(
    name = "consume",
    description = {
      "Print records, by default every value in a line. Waits for new ones until it is stopped,",
      "unless -n or -e says when it is enough."
    })
public final class ConsumeCommand implements Callable<Integer> {
  private static final int OUTPUT_BUFFER_BYTES = 256 * 1024;

  private final Invocation invocation;

  @Parameters(arity = "1..*", paramLabel = "TOPIC", description = "What to read.")
  private List<String> topics = new ArrayList<>();

  @Option(
      names = "--from",
      paramLabel = "WHERE",
      converter = StartPosition.Converter.class,
      description =
          "beginning (the default), end, an OFFSET, -N (the last N of each partition), or a time:"
              + " 2026-01-31T12:00:00Z, 2026-01-31, @MILLISECONDS.")
  private StartPosition from = new StartPosition.Beginning();

  @Option(
      names = {"-n", "--count"},
      paramLabel = "COUNT",
      description = "Stop after so many records.")
  private long count = Long.MAX_VALUE;

  @Option(
      names = {"-e", "--exit-at-end"},
      description = "Stop where the log ended when the command started.")
  private boolean exitAtEnd;

  @Option(
      names = {"-p", "--partition"},
      paramLabel = "PARTITION",
      description = "This partition only; may be repeated.")
  private List<Integer> partitions = new ArrayList<>();

  @Option(
      names = {"-g", "--group"},
      paramLabel = "GROUP",
      description =
          "Read as a member of this group: its members share the partitions, and what was printed"
              + " is committed. --from is where partitions begin of which nothing is committed.")
  private @Nullable String group;

  /** Which records a reader may see. */
  enum Isolation {
    COMMITTED,
    UNCOMMITTED
  }

  @Option(
      names = "--isolation",
      paramLabel = "WHICH",
      description =
          "committed: only what no failover takes back (the default, and all that brokers of this"
              + " release give out).")
  private Isolation isolation = Isolation.COMMITTED;

  @Option(
      names = {"-f", "--format"},
      paramLabel = "FORMAT",
      converter = FormatWriter.Converter.class,
      description =
          "%%t topic, %%p partition, %%o offset, %%k key, %%v value, %%h headers, %%T timestamp,"
              + " %%d ISO time, %%%% percent, \\n, \\t (default: %%v\\n).")
  private FormatWriter format = FormatWriter.of("%v\\n");

  /** Made by the launcher. */
  public ConsumeCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() throws IOException {
    try (JangadaClient client = Connection.open(invocation)) {
      Connection.require(client);
      return run(client);
    }
  }

  Integer run(JangadaClient client) throws IOException {
    if (count < 1) {
      throw new CommandException(
          ExitCode.USAGE,
          "expected a -n of 1 or more, but got " + count,
          "jangada consume --help; the last N records are --from -N");
    }
    if (isolation == Isolation.UNCOMMITTED) {
      throw new CommandException(
          ExitCode.USAGE,
          "expected --isolation committed, but got uncommitted, which comes with transactions",
          "leave --isolation out");
    }
    if (group != null) {
      return runInGroup(client, group);
    }
    Progress progress = new Progress(invocation.stdio(), !invocation.stdio().outIsTerminal());
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      Set<TopicPartition> wanted = wanted(consumer);
      Map<TopicPartition, Long> ends = consumer.endOffsets(wanted);
      consumer.assign(wanted);
      from.offsets(consumer, ends).forEach(consumer::seek);
      OutputStream out = new BufferedOutputStream(invocation.stdio().out(), OUTPUT_BUFFER_BYTES);
      Reading.Limits limits =
          new Reading.Limits(count, exitAtEnd ? ends : Map.of(), invocation.timeout());
      new Reading(consumer, writer(), out, progress, limits, Bookkeeping.none(consumer)).run();
    }
    return ExitCode.DONE.number();
  }

  private Integer runInGroup(JangadaClient client, String groupId) throws IOException {
    ConsumerConfig config = ConsumerConfig.defaults().withStart(startInGroup());
    Progress progress = new Progress(invocation.stdio(), !invocation.stdio().outIsTerminal());
    try (Consumer consumer = client.consumer(config)) {
      // Before it joins: a topic that does not exist is to be heard of.
      Map<TopicPartition, Long> ends = consumer.endOffsets(wanted(consumer));
      OutputStream out = new BufferedOutputStream(invocation.stdio().out(), OUTPUT_BUFFER_BYTES);
      Reading.Limits limits =
          new Reading.Limits(count, exitAtEnd ? ends : Map.of(), invocation.timeout());
      GroupPrinting printing =
          new GroupPrinting(
              groupId,
              consumer,
              consumer.beginningOffsets(ends.keySet()),
              invocation.stdio().err());
      GroupConfig member =
          GroupConfig.of(groupId).withoutAutoCommit().withClientId("jangada consume");
      consumer.subscribe(topics, member, printing);
      printing.listen();
      Exception broken = null;
      try {
        new Reading(consumer, writer(), out, progress, limits, printing).run();
      } catch (IOException | RuntimeException e) {
        broken = e;
        throw e;
      } finally {
        printing.end(broken);
      }
    }
    return ExitCode.DONE.number();
  }

  private OffsetReset startInGroup() {
    if (!partitions.isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE,
          "expected either --group, which gives out partitions itself, or -p, but got both",
          "leave one of them out");
    }
    return switch (from) {
      case StartPosition.Beginning() -> OffsetReset.BEGINNING;
      case StartPosition.End() -> OffsetReset.END;
      case StartPosition.At at -> throw noStart();
      case StartPosition.Last last -> throw noStart();
      case StartPosition.Since since -> throw noStart();
    };
  }

  private static CommandException noStart() {
    return new CommandException(
        ExitCode.USAGE,
        "expected --from beginning or --from end with --group: a group goes on where it has"
            + " committed",
        "move the group's offsets: jangada group reset-offsets --help");
  }

  private RecordWriter writer() {
    return switch (invocation.output()) {
      case TABLE, WIDE -> format;
      case JSON -> new JsonWriter("");
      case YAML -> new JsonWriter("--- ");
    };
  }

  private Set<TopicPartition> wanted(Consumer consumer) {
    Set<TopicPartition> wanted = new LinkedHashSet<>();
    for (String topic : topics) {
      int existing = consumer.partitionCount(topic);
      if (partitions.isEmpty()) {
        for (int partition = 0; partition < existing; partition++) {
          wanted.add(new TopicPartition(topic, partition));
        }
      }
      for (int partition : partitions) {
        if (partition < 0 || partition >= existing) {
          throw new JangadaException(
              ErrorCode.UNKNOWN_PARTITION,
              "expected a partition of "
                  + topic
                  + " from 0 to "
                  + (existing - 1)
                  + ", but got "
                  + partition,
              "jangada topic describe " + topic);
        }
        wanted.add(new TopicPartition(topic, partition));
      }
    }
    return wanted;
  }
}
