// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.chaos.live.LocalCluster;
import io.jangada.client.ClientConfig;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * A fetch that waits at the end of a log, and a record that comes: how long after its
 * acknowledgement by all replicas has arrived the record itself arrives. And how many threads the
 * broker has with fetches that wait.
 */
final class KafkaWakeUpRow implements Row {
  private static final int ROUNDS = 5;
  private static final int WARM_UP_ROUNDS = 2;
  private static final int RECORDS = 1_000;
  private static final int PARKED = 500;
  private static final int RECORD_BYTES = 100;
  private static final short PRODUCE_VERSION = 9;
  private static final int MAX_WAIT_MS = 30_000;

  /** After it a fetch is parked, or the figure shows that it was not. */
  private static final long UNTIL_PARKED_MS = 3;

  private static final String TOPIC = "kafka-wake-up";

  @Override
  public void measure(Figures figures) throws Exception {
    try (LocalCluster cluster = LocalCluster.start(Brokers.COUNT)) {
      try (JangadaClient client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()))) {
        client.admin().createTopic(NewTopic.of(TOPIC, 1, Brokers.COUNT));
      }
      String leader = KafkaTopic.find(cluster, TOPIC).partitions().keySet().iterator().next();
      measureWakeUps(figures, leader);
      measureThreads(figures, cluster, leader);
    }
  }

  private static void measureWakeUps(Figures figures, String leader) throws Exception {
    List<Double> p50 = new ArrayList<>();
    List<Double> p99 = new ArrayList<>();
    List<Double> wholeP50 = new ArrayList<>();
    List<Double> wholeP99 = new ArrayList<>();
    try (KafkaConnection producer = KafkaConnection.open(leader);
        Reader reader = new Reader(leader)) {
      long offset = 0;
      for (int round = 0; round < ROUNDS; round++) {
        Histogram wakeUpNs = new Histogram(3);
        Histogram wholeNs = new Histogram(3);
        for (int i = 0; i < RECORDS; i++) {
          reader.park(offset);
          TimeUnit.MILLISECONDS.sleep(UNTIL_PARKED_MS);
          long sentNs = System.nanoTime();
          offset = produce(producer) + 1;
          long acknowledgedNs = System.nanoTime();
          long arrivedNs = reader.arrivedNs();
          wakeUpNs.recordValue(Math.max(0, arrivedNs - acknowledgedNs));
          wholeNs.recordValue(arrivedNs - sentNs);
        }
        p50.add(wakeUpNs.getValueAtPercentile(50) / 1e6);
        p99.add(wakeUpNs.getValueAtPercentile(99) / 1e6);
        wholeP50.add(wholeNs.getValueAtPercentile(50) / 1e6);
        wholeP99.add(wholeNs.getValueAtPercentile(99) / 1e6);
      }
    }
    String what = "a fetch at the end of a log, ";
    figures.afterWarmUp(what + "acknowledgement → record: p50", "ms", p50, WARM_UP_ROUNDS);
    figures.afterWarmUp(what + "acknowledgement → record: p99", "ms", p99, WARM_UP_ROUNDS);
    figures.afterWarmUp("  produce request → record: p50", "ms", wholeP50, WARM_UP_ROUNDS);
    figures.afterWarmUp("  produce request → record: p99", "ms", wholeP99, WARM_UP_ROUNDS);
  }

  private static long produce(KafkaConnection connection) throws IOException {
    connection.write(FRAME);
    ProduceResponseData response =
        new ProduceResponseData(
            KafkaConnection.body(ApiKeys.PRODUCE, PRODUCE_VERSION, connection.read()),
            PRODUCE_VERSION);
    var partition = response.responses().iterator().next().partitionResponses().getFirst();
    if (partition.errorCode() != Errors.NONE.code()) {
      throw new IOException(
          "expected an acknowledgement, but got " + Errors.forCode(partition.errorCode()));
    }
    return partition.baseOffset();
  }

  private static final ByteBuffer FRAME = produceFrame();

  private static ByteBuffer produceFrame() {
    ProduceRequestData request =
        new ProduceRequestData().setAcks((short) -1).setTimeoutMs(MAX_WAIT_MS);
    request
        .topicData()
        .add(
            new TopicProduceData()
                .setName(TOPIC)
                .setPartitionData(
                    List.of(
                        new PartitionProduceData()
                            .setRecords(
                                MemoryRecords.withRecords(
                                    Compression.NONE, new SimpleRecord(new byte[RECORD_BYTES]))))));
    return KafkaConnection.frame(ApiKeys.PRODUCE, PRODUCE_VERSION, request);
  }

  private static void measureThreads(Figures figures, LocalCluster cluster, String leader)
      throws Exception {
    long pid =
        cluster.nodes().stream()
            .filter(node -> node.plan().kafkaAddress().equals(leader))
            .findFirst()
            .orElseThrow()
            .pid();
    double before = threads(pid);
    List<KafkaConnection> parked = new ArrayList<>();
    try {
      for (int i = 0; i < PARKED; i++) {
        KafkaConnection connection = KafkaConnection.open(leader);
        parked.add(connection);
        connection.write(fetchFrame(ROUNDS * RECORDS));
      }
      TimeUnit.SECONDS.sleep(1);
      figures.one("threads of a broker with " + PARKED + " fetches that wait, without", "", before);
      figures.one("  with them", "", threads(pid));
    } finally {
      for (KafkaConnection connection : parked) {
        connection.close();
      }
    }
  }

  private static double threads(long pid) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return tasks.count();
    }
  }

  private static ByteBuffer fetchFrame(long offset) {
    return KafkaConnection.frame(
        ApiKeys.FETCH,
        KafkaFetchLoop.VERSION,
        KafkaFetchLoop.request(TOPIC, Map.of(0, offset), MAX_WAIT_MS));
  }

  /** Has a fetch wait, and says when its answer came. */
  private static final class Reader implements AutoCloseable {
    private final KafkaConnection connection;
    private final BlockingQueue<Long> arrivals = new LinkedBlockingQueue<>();

    Reader(String leader) throws IOException {
      this.connection = KafkaConnection.open(leader);
      Thread.ofPlatform().daemon().name("wake-up-reader").start(this::run);
    }

    private void run() {
      try {
        while (true) {
          ByteBuffer response = connection.read();
          long nowNs = System.nanoTime();
          FetchResponseData fetched =
              new FetchResponseData(
                  KafkaConnection.body(ApiKeys.FETCH, KafkaFetchLoop.VERSION, response),
                  KafkaFetchLoop.VERSION);
          int bytes =
              fetched.responses().getFirst().partitions().getFirst().records().sizeInBytes();
          arrivals.add(bytes > 0 ? nowNs : -1L);
        }
      } catch (IOException e) {
        // The connection was closed in the end; who waits for an arrival finds none.
        arrivals.add(-1L);
      }
    }

    void park(long offset) throws IOException {
      connection.write(fetchFrame(offset));
    }

    long arrivedNs() throws InterruptedException, IOException {
      Long atNs = arrivals.poll(MAX_WAIT_MS, TimeUnit.MILLISECONDS);
      if (atNs == null || atNs < 0) {
        throw new IOException("expected a record to wake the fetch, but none came");
      }
      return atNs;
    }

    @Override
    public void close() throws IOException {
      connection.close();
    }
  }
}
