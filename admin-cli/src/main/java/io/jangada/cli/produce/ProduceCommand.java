// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.produce;

import io.jangada.cli.Connection;
import io.jangada.cli.Progress;
import io.jangada.client.Acknowledgement;
import io.jangada.client.JangadaClient;
import io.jangada.client.Producer;
import io.jangada.client.ProducerConfig;
import io.jangada.client.ProducerRecord;
import io.jangada.client.RecordMetadata;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.Printer;
import io.jangada.record.Compression;
import io.jangada.record.RecordHeader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada produce}. */
@Command(
    name = "produce",
    description = {
      "Send the lines of a file, or of standard input, as records.",
      "On a terminal it prints where each record went; in a pipe, one summary."
    })
public final class ProduceCommand implements Callable<Integer> {
  private static final Duration MAX_ATTEMPT = Duration.ofSeconds(10);

  /** Files are long: twice the producer's default, for which brokers do less for each byte. */
  private static final int BATCH_BYTES = 256 * 1024;

  /** Enough for what is under way to six partitions, and little for the collector to copy. */
  private static final long BUFFER_BYTES = 8L * 1024 * 1024;

  private final Invocation invocation;

  @Parameters(index = "0", paramLabel = "TOPIC", description = "Where to.")
  private String topic = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "What to send; '-' or nothing is standard input.")
  private String file = "-";

  @ArgGroup private @Nullable Keys keys;

  /** A key for all, or one in each line. */
  static final class Keys {
    @Option(
        names = {"-k", "--key"},
        paramLabel = "KEY",
        description = "The key of every record.")
    private @Nullable String key;

    @Option(
        names = "--key-separator",
        paramLabel = "S",
        description = "What stands between key and value in every line.")
    private String separator = "";
  }

  @Option(
      names = {"-H", "--header"},
      paramLabel = "KEY=VALUE",
      description = "A header of every record; may be repeated.")
  private List<String> headers = new ArrayList<>();

  @Option(
      names = {"-p", "--partition"},
      paramLabel = "PARTITION",
      description = "The partition of every record (default: by key).")
  private int partition = ProducerRecord.ANY_PARTITION;

  @Option(
      names = "--acks",
      paramLabel = "WHOSE",
      description =
          "When a record counts as written: all (in-sync replicas, the default), leader, none.")
  private Acknowledgement acks = Acknowledgement.ALL;

  @Option(
      names = "--compression",
      paramLabel = "CODEC",
      description = "zstd, lz4, snappy, gzip or none (the default).")
  private Compression compression = Compression.NONE;

  /** What a record is in the input. */
  enum Input {
    LINE,
    JSON,
    RAW
  }

  @Option(
      names = "--input",
      paramLabel = "WHAT",
      description =
          "line: every line is a record (the default). json: every line is an object as consume"
              + " -o json prints it. raw: the whole input is one record.")
  private Input input = Input.LINE;

  @Option(
      names = "--tombstones",
      description = "With --key-separator: a line with nothing behind it deletes its key.")
  private boolean tombstones;

  /** Made by the launcher. */
  public ProduceCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(String topic, long acknowledged, long bytes, long durationMs) {}

  @Override
  public Integer call() throws IOException {
    try (InputStream in = open();
        JangadaClient client = Connection.open(invocation)) {
      Connection.require(client);
      return run(client, in);
    }
  }

  Integer run(JangadaClient client, InputStream in) throws IOException {
    ProducerConfig config = config();
    RecordSource source = source(in, config.maxRecordBytes());
    boolean echoes = invocation.stdio().outIsTerminal() && !invocation.output().structured();
    Progress progress = new Progress(invocation.stdio(), !echoes);
    try (Producer producer = client.producer(config)) {
      Consumer<RecordMetadata> echo = echoes ? this::echo : metadata -> {};
      Sending sending = new Sending(producer, source, progress, echo);
      Interruption interruption = Interruption.listen(sending, invocation.stdio().err());
      try {
        Acknowledgements done = sending.run();
        if (!sending.stopped()) {
          summarize(done, progress, echoes);
        }
      } finally {
        interruption.forget();
      }
    }
    return ExitCode.DONE.number();
  }

  private void summarize(Acknowledgements done, Progress progress, boolean echoed) {
    if (invocation.output().structured()) {
      Answer answer = new Answer(topic, done.count(), done.bytes(), progress.elapsedMs());
      invocation.printer().printText(answer, () -> "");
    } else if (!echoed) {
      invocation
          .stdio()
          .err()
          .println("acknowledged " + progress.summary(done.count(), done.bytes()));
    }
  }

  private void echo(RecordMetadata metadata) {
    new Printer(invocation.output(), invocation.stdio().out())
        .text(
            "%d %d %s%n"
                .formatted(
                    metadata.topicPartition().partition(),
                    metadata.offset(),
                    Instant.ofEpochMilli(metadata.timestampMs())));
  }

  private ProducerConfig config() {
    Duration timeout = invocation.timeout();
    Duration attempt = timeout.compareTo(MAX_ATTEMPT) < 0 ? timeout : MAX_ATTEMPT;
    ProducerConfig defaults = ProducerConfig.defaults();
    return defaults
        .withAcknowledgement(acks)
        .withCompression(compression)
        .withBatching(BATCH_BYTES, defaults.linger())
        .withMemory(BUFFER_BYTES, defaults.maxRecordBytes())
        .withLimits(timeout, attempt, timeout);
  }

  private InputStream open() throws IOException {
    if (file.equals("-")) {
      return invocation.stdio().in();
    }
    Path path = Path.of(file);
    if (!Files.isReadable(path) || Files.isDirectory(path)) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "expected a readable file, but " + file + " is none",
          "ls -l " + file);
    }
    return Files.newInputStream(path);
  }

  private RecordSource source(InputStream in, int maxRecordBytes) {
    String key = keys == null ? null : keys.key;
    String separator = keys == null ? "" : keys.separator;
    if (!separator.isEmpty() && input != Input.LINE) {
      throw usage("--key-separator goes with --input line");
    }
    if (tombstones && separator.isEmpty()) {
      throw usage("--tombstones goes with --key-separator");
    }
    RecordTemplate template =
        new RecordTemplate(
            topic, partition, key, headers.stream().map(ProduceCommand::header).toList());
    return switch (input) {
      case LINE ->
          new LineSource(new LineReader(in, maxRecordBytes), template, separator, tombstones);
      case JSON -> new JsonSource(new LineReader(in, 2 * maxRecordBytes), template);
      case RAW -> new RawSource(in, template, maxRecordBytes);
    };
  }

  private static RecordHeader header(String option) {
    int equals = option.indexOf('=');
    if (equals < 1) {
      throw usage("expected a header as KEY=VALUE, but got '" + option + "'");
    }
    return RecordHeader.ofUtf8(option.substring(0, equals), option.substring(equals + 1));
  }

  private static CommandException usage(String message) {
    return new CommandException(ExitCode.USAGE, message, "jangada produce --help");
  }
}
