// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code jangada} of the distribution as a user would; what it prints is thrown away. */
record Command(Path home, String bootstrap) {
  private static final int LOOK_EVERY_MS = 10;

  /**
   * What a run came to.
   *
   * @param cpuSeconds its own, to within the last look
   * @param residentBytes the most that it had in RAM
   */
  record Ended(double seconds, double cpuSeconds, long residentBytes) {}

  /**
   * Runs it to its end.
   *
   * @throws IOException if it ends with anything but 0
   */
  Ended run(List<String> arguments) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("jangada.distribution"), "bin", "jangada").toString());
    words.add("--bootstrap");
    words.add(bootstrap);
    words.addAll(arguments);
    Path said = home.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(said.toFile());
    builder.environment().put("JANGADA_HOME", home.toString());
    long begunNs = System.nanoTime();
    Process process = builder.start();
    ProcessUsage last = new ProcessUsage(0, 0);
    while (!process.waitFor(LOOK_EVERY_MS, TimeUnit.MILLISECONDS)) {
      last = look(process.pid(), last);
    }
    double seconds = (System.nanoTime() - begunNs) / 1e9;
    if (process.exitValue() != 0) {
      throw new IOException(
          "expected " + String.join(" ", words) + " to succeed, but: " + Files.readString(said));
    }
    return new Ended(seconds, last.cpuSeconds(), last.residentBytes());
  }

  private static ProcessUsage look(long pid, ProcessUsage before) throws IOException {
    try {
      ProcessUsage now = ProcessUsage.of(List.of(pid));
      return new ProcessUsage(
          Math.max(before.cpuSeconds(), now.cpuSeconds()),
          Math.max(before.residentBytes(), now.residentBytes()));
    } catch (NoSuchFileException ended) {
      return before;
    }
  }
}
