// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A journal of 2 GiB, twice what a directory of a broker ever holds, of 1,000 partitions without a
 * single checkpoint: how long a process that was just started takes to replay it.
 */
final class ReplayRow implements Row {
  private static final int ROUNDS = 3;
  private static final String BROKER_HEAP = "-Xmx256m";
  private static final String LARGE_HEAP = "-Xmx512m";

  @Override
  public void measure(Figures figures) throws Exception {
    List<Double> seconds = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      Path directory = Files.createTempDirectory("jangada-replay");
      try {
        run(LARGE_HEAP, "fill", directory);
        seconds.add(Double.parseDouble(run(BROKER_HEAP, "open", directory)));
      } finally {
        delete(directory);
      }
    }
    figures.rounds("a journal of 2 GiB over 1,000 partitions replayed", "s", seconds);
  }

  /** The last line that the process printed. */
  private static String run(String heap, String what, Path directory)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.startsWith("-Xmx"))
        .forEach(command::add);
    command.add(heap);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(ReplayedDirectory.class.getName());
    command.add(what);
    command.add(directory.toString());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String last = "";
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line;
      }
    }
    if (process.waitFor() != 0) {
      throw new IOException("expected '" + what + "' to succeed, but: " + last);
    }
    return last;
  }

  private static void delete(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> found = Files.walk(directory)) {
      paths = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : paths) {
      Files.delete(each);
    }
  }
}
