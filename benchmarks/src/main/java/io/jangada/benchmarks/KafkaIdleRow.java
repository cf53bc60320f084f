// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.chaos.live.LocalCluster;
import io.jangada.chaos.live.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Ten thousand connections that have introduced themselves and then ask nothing. The memory that
 * the process takes more includes what it needed only for letting them in; the second time they
 * come it has that already.
 */
final class KafkaIdleRow implements Row {
  private static final int CONNECTIONS = 10_000;
  private static final int TIMES = 3;
  private static final int IDLE_SECONDS = 10;
  private static final short API_VERSIONS_VERSION = 3;
  private static final short METADATA_VERSION = 12;

  @Override
  public void measure(Figures figures) throws Exception {
    try (LocalCluster cluster = LocalCluster.start(1)) {
      NodeProcess node = cluster.node(1);
      Brokers broker = new Brokers(cluster);
      List<Double> resident = new ArrayList<>();
      List<Double> heap = new ArrayList<>();
      List<Double> threads = new ArrayList<>();
      List<Double> cores = new ArrayList<>();
      for (int time = 0; time < TIMES; time++) {
        double heapBefore = broker.liveHeapBytesEach();
        long residentBefore = broker.usage().residentBytes();
        long threadsBefore = threads(node.pid());
        List<KafkaConnection> connections = new ArrayList<>();
        try {
          for (int i = 0; i < CONNECTIONS; i++) {
            connections.add(introduced(node.plan().kafkaAddress()));
          }
          long residentAfter = broker.usage().residentBytes();
          double cpuBefore = broker.usage().cpuSeconds();
          TimeUnit.SECONDS.sleep(IDLE_SECONDS);
          cores.add(100 * (broker.usage().cpuSeconds() - cpuBefore) / IDLE_SECONDS);
          resident.add((residentAfter - residentBefore) / 1e3 / CONNECTIONS);
          threads.add((double) (threads(node.pid()) - threadsBefore));
          heap.add((broker.liveHeapBytesEach() - heapBefore) / 1e3 / CONNECTIONS);
        } finally {
          for (KafkaConnection connection : connections) {
            connection.close();
          }
        }
        awaitNobody(node);
      }
      String what = CONNECTIONS + " idle Kafka connections: ";
      figures.rounds(what + "resident memory more, each", "KB", resident);
      figures.rounds(what + "live heap, each", "KB", heap);
      figures.rounds(what + "threads more", "", threads);
      figures.rounds(what + "CPU", "% of a core", cores);
    }
  }

  private static KafkaConnection introduced(String address) throws IOException {
    KafkaConnection connection = KafkaConnection.open(address);
    connection.ask(
        ApiKeys.API_VERSIONS,
        API_VERSIONS_VERSION,
        new ApiVersionsRequestData().setClientSoftwareName("bench").setClientSoftwareVersion("1"));
    connection.ask(ApiKeys.METADATA, METADATA_VERSION, new MetadataRequestData());
    return connection;
  }

  private static long threads(long pid) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return tasks.count();
    }
  }

  /** Until the broker has as few sockets as it had: it hears of the closing one by one. */
  private static void awaitNobody(NodeProcess node) throws IOException, InterruptedException {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
    while (openFiles(node.pid()) > CONNECTIONS / 2 && System.nanoTime() < deadlineNs) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    TimeUnit.SECONDS.sleep(1);
  }

  private static long openFiles(long pid) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return files.count();
    }
  }
}
