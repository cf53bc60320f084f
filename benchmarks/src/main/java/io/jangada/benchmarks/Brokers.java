// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.chaos.live.LocalCluster;
import io.jangada.chaos.live.NodeProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the broker processes of a cluster use up, and their end and return. For one thread. */
record Brokers(LocalCluster cluster) {
  static final int COUNT = 3;

  /** CPU time and memory of all of them together. */
  ProcessUsage usage() throws IOException {
    return ProcessUsage.of(pids());
  }

  double residentMegabytesEach() throws IOException {
    return usage().residentBytes() / 1e6 / cluster.nodes().size();
  }

  /** Live objects on the heap, the mean of the brokers. */
  double liveHeapBytesEach() throws IOException, InterruptedException {
    double sum = 0;
    for (long pid : pids()) {
      sum += liveHeapBytes(pid);
    }
    return sum / cluster.nodes().size();
  }

  /** Open files, sockets included, the mean of the brokers. */
  double openFilesEach() throws IOException {
    double sum = 0;
    for (long pid : pids()) {
      try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
        sum += files.count();
      }
    }
    return sum / cluster.nodes().size();
  }

  /** Bytes of all files in directories called {@code journal}, the mean of the brokers. */
  double journalMegabytesEach() throws IOException {
    long bytes = 0;
    for (NodeProcess node : cluster.nodes()) {
      try (Stream<Path> files = Files.walk(node.plan().directory())) {
        for (Path file : files.filter(Brokers::isJournalFile).toList()) {
          bytes += Files.size(file);
        }
      }
    }
    return bytes / 1e6 / cluster.nodes().size();
  }

  private static boolean isJournalFile(Path path) {
    Path parent = path.getParent();
    return Files.isRegularFile(path) && parent != null && parent.endsWith("journal");
  }

  void killAll() throws InterruptedException {
    for (NodeProcess node : cluster.nodes()) {
      node.kill();
    }
  }

  void startAll() throws IOException {
    for (NodeProcess node : cluster.nodes()) {
      node.start();
    }
  }

  private List<Long> pids() {
    return cluster.nodes().stream().map(NodeProcess::pid).toList();
  }

  /** The last line of the histogram is {@code Total <instances> <bytes>}; it collects before. */
  private static long liveHeapBytes(long pid) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String output;
    try (InputStream text = jcmd.getInputStream()) {
      output = new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
    jcmd.waitFor();
    return output
        .lines()
        .filter(line -> line.startsWith("Total"))
        .mapToLong(line -> Long.parseLong(line.trim().split("\\s+")[2]))
        .findFirst()
        .orElseThrow(() -> new IOException("expected a histogram, but jcmd said: " + output));
  }
}
