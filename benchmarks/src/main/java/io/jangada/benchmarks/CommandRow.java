// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.chaos.live.LocalCluster;
import io.jangada.client.ClientConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import io.jangada.client.ProducerConfig;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The command line: how soon a command has answered, and a gigabyte in lines of 100 B through
 * {@code produce} and {@code consume}. Against a broker that answers at once and keeps nothing,
 * {@code produce} shows how much the command itself can take; the same records from the SDK to the
 * same brokers show whether the command is what holds them up.
 */
final class CommandRow implements Row {
  private static final int STARTS = 15;
  private static final int ROUNDS = 3;
  private static final int PARTITIONS = 6;
  private static final int LINE_BYTES = 100;
  private static final int LINES = 10_000_000;
  private static final String TOPIC = "lines";

  @Override
  public void measure(Figures figures) throws Exception {
    Path directory = Files.createTempDirectory("jangada-bench-command");
    Path file = directory.resolve("lines");
    try {
      writeLines(file);
      try (SinkBroker sink = new SinkBroker(PARTITIONS)) {
        Command command = new Command(directory, sink.address());
        measure(figures, "produce, 1 GB, to a broker that answers at once", command, file);
      }
      try (LocalCluster cluster = LocalCluster.start(Brokers.COUNT);
          JangadaClient client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()))) {
        client.admin().createTopic(NewTopic.of(TOPIC, PARTITIONS, Brokers.COUNT));
        Command command = new Command(directory, cluster.bootstrap());
        starts(figures, command);
        measure(figures, "produce, 1 GB, RF 3, acks=all, fsync", command, file);
        bySdk(figures, client);
        consume(figures, command);
      }
    } finally {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path each : files.toList()) {
          Files.delete(each);
        }
      }
      Files.delete(directory);
    }
  }

  private static void starts(Figures figures, Command command) throws Exception {
    List<List<String>> all =
        List.of(
            List.of("version"),
            List.of("topic", "--help"),
            List.of("topic", "list"),
            List.of("topic", "describe", TOPIC),
            List.of("broker", "list"),
            List.of("config", "get"));
    for (List<String> arguments : all) {
      List<Double> ms = new ArrayList<>();
      for (int i = 0; i < STARTS; i++) {
        ms.add(command.run(arguments).seconds() * 1e3);
      }
      figures.rounds("jangada " + String.join(" ", arguments), "ms", ms);
    }
  }

  private static void measure(Figures figures, String what, Command command, Path file)
      throws Exception {
    report(figures, what, command, List.of("produce", TOPIC, file.toString()), 1);
  }

  /** Reads what all the rounds of {@code produce} and of the SDK have left. */
  private static void consume(Figures figures, Command command) throws Exception {
    report(
        figures, "consume -e, all of that", command, List.of("consume", "-e", TOPIC), 2 * ROUNDS);
  }

  private static void report(
      Figures figures, String what, Command command, List<String> arguments, int gigabytes)
      throws Exception {
    List<Double> speeds = new ArrayList<>();
    List<Double> costs = new ArrayList<>();
    List<Double> resident = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      Command.Ended ended = command.run(arguments);
      speeds.add(gigabytes * 1e3 / ended.seconds());
      costs.add(ended.cpuSeconds() / gigabytes);
      resident.add(ended.residentBytes() / 1e6);
    }
    figures.rounds("jangada " + what, "MB/s", speeds);
    figures.rounds("  CPU, the command", "CPU-s/GB", costs);
    figures.rounds("  resident at most", "MB", resident);
  }

  private static void bySdk(Figures figures, JangadaClient client) {
    ProduceLoad load = new ProduceLoad(TOPIC, LINES, LINE_BYTES - 1, 0, ProducerConfig.defaults());
    List<Double> speeds = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      speeds.add(load.run(client).megabytesPerSecond());
    }
    figures.rounds("  the same by the SDK, in a process that is warm", "MB/s", speeds);
  }

  private static void writeLines(Path file) throws IOException {
    byte[] line = new byte[LINE_BYTES];
    Random random = new Random(1);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      for (int i = 0; i < LINES; i++) {
        for (int at = 0; at < LINE_BYTES - 1; at++) {
          line[at] = (byte) ('a' + random.nextInt(26));
        }
        line[LINE_BYTES - 1] = '\n';
        out.write(line);
      }
    }
  }
}
