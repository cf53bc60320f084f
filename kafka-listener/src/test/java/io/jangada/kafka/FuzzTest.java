// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged requests of every API and version: each is answered or closes its connection, none keeps
 * memory, and a client beside them notices nothing. {@code -Djangada.test.kafka-frames=1000000}
 * sends more, {@code -Djangada.test.seed} others.
 */
class FuzzTest {
  private static final int FRAMES = Integer.getInteger("jangada.test.kafka-frames", 20_000);
  private static final long SEED = Long.getLong("jangada.test.seed", 20_261_122L);
  private static final int PING = 0x0BADCAFE;
  private static final int CLIENTS = 50;

  /** On a machine that does nothing else a minute is enough for 200,000. */
  private static final long MINUTES = 5L + FRAMES / 20_000;

  /** Half of a request, or a parked fetch, is not waited for. */
  private static final int WAIT_MS = 30;

  private static final long SLOWEST_BESIDE_NS = TimeUnit.SECONDS.toNanos(10);

  @TempDir static Path directory;
  private static RunningNode node;

  @BeforeAll
  static void start() throws Exception {
    node = RunningNode.start(directory, "kafka.auto-create-topics=true");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void damagedRequestsHarmNobody() throws Exception {
    List<byte[]> seeds = seeds();
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Long> beside = new CompletableFuture<>();
    Thread.ofPlatform().start(() -> askBeside(over, beside));
    AtomicInteger answered = new AtomicInteger();
    AtomicInteger closed = new AtomicInteger();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        long seed = SEED + client;
        running.add(
            clients.submit(
                () -> {
                  Random random = new Random(seed);
                  try (Connections connections = new Connections()) {
                    for (int i = 0; i < FRAMES / CLIENTS; i++) {
                      byte[] whole = seeds.get(random.nextInt(seeds.size()));
                      connections.send(damaged(whole, random), "frame " + i + " of seed " + seed);
                    }
                    answered.addAndGet(connections.answered);
                    closed.addAndGet(connections.closed);
                  }
                  return null;
                }));
      }
      for (Future<?> each : running) {
        each.get(MINUTES, TimeUnit.MINUTES);
      }
    } finally {
      over.set(true);
    }
    assertThat(beside.get(60, TimeUnit.SECONDS))
        .as("the slowest answer to a client beside, in ns")
        .isLessThan(SLOWEST_BESIDE_NS);
    assertThat(answered).as("frames that were answered").hasPositiveValue();
    assertThat(closed).as("connections that were closed").hasPositiveValue();
    awaitMetric("jangada_kafka_requests_in_flight_bytes 0.0");
    awaitMetric("jangada_kafka_responses_in_flight_bytes 0.0");
    awaitMetric("jangada_kafka_connections 0.0");
    assertThat(node.metrics()).doesNotContain("=\"defect\"");
  }

  /**
   * Sends damaged frames, each followed by a whole one whose answer says that the first is done.
   */
  private static final class Connections implements AutoCloseable {
    private int answered;
    private int closed;
    private RawClient client = new RawClient(node.kafkaPort());

    Connections() throws IOException {}

    void send(byte[] frame, String what) throws IOException {
      try {
        client.write(frame);
        client.write(
            RawClient.frame(ApiKeys.API_VERSIONS, (short) 0, PING, new ApiVersionsRequestData()));
        for (var response = client.read(WAIT_MS); true; response = client.read(WAIT_MS)) {
          if (response.isEmpty()) {
            closed++;
            renew();
            return;
          }
          if (response.get().getInt() == PING) {
            answered++;
            return;
          }
        }
      } catch (SocketTimeoutException e) {
        // It waits for the rest of a request, or for records.
        renew();
      } catch (IOException e) {
        closed++;
        renew();
      } catch (AssertionError e) {
        throw new AssertionError(what, e);
      }
    }

    private void renew() throws IOException {
      client.close();
      client = new RawClient(node.kafkaPort());
    }

    @Override
    public void close() throws IOException {
      client.close();
    }
  }

  private static void askBeside(AtomicBoolean over, CompletableFuture<Long> slowestNs) {
    try (RawClient client = new RawClient(node.kafkaPort())) {
      long slowest = 0;
      while (!over.get()) {
        long beganNs = System.nanoTime();
        client.ask(ApiKeys.METADATA, (short) 12, 1, new MetadataRequestData().setTopics(List.of()));
        slowest = Math.max(slowest, System.nanoTime() - beganNs);
        TimeUnit.MILLISECONDS.sleep(5);
      }
      slowestNs.complete(slowest);
    } catch (IOException | InterruptedException | RuntimeException e) {
      slowestNs.completeExceptionally(e);
    }
  }

  private static byte[] damaged(byte[] seed, Random random) {
    byte[] frame = seed.clone();
    ByteBuffer view = ByteBuffer.wrap(frame);
    int body = frame.length - Integer.BYTES;
    switch (random.nextInt(6)) {
      case 0 -> {
        for (int i = random.nextInt(8); i >= 0; i--) {
          frame[Integer.BYTES + random.nextInt(body)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      case 1 -> {
        // An array that says it is long.
        if (body >= Integer.BYTES) {
          view.putInt(Integer.BYTES + random.nextInt(body - Integer.BYTES + 1), random.nextInt());
        }
      }
      case 2 -> {
        int length = random.nextInt(body + 1);
        frame = Arrays.copyOf(frame, Integer.BYTES + length);
        ByteBuffer.wrap(frame).putInt(length);
      }
      case 3 -> view.putInt(0, random.nextBoolean() ? random.nextInt() : body + random.nextInt(99));
      case 4 -> {
        int at = Integer.BYTES + random.nextInt(body);
        Arrays.fill(frame, at, frame.length, (byte) (random.nextBoolean() ? 0xFF : 0x7F));
      }
      default -> {
        frame = Arrays.copyOf(frame, frame.length + random.nextInt(5_000));
        byte[] more = new byte[frame.length - seed.length];
        random.nextBytes(more);
        System.arraycopy(more, 0, frame, seed.length, more.length);
        ByteBuffer.wrap(frame).putInt(frame.length - Integer.BYTES);
      }
    }
    return frame;
  }

  /**
   * Two requests of every version of every API that is announced: one that means something, or has
   * nothing in it, and one in which everything is there.
   */
  private static List<byte[]> seeds() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    int unfilled = 0;
    try (RawClient client = new RawClient(node.kafkaPort())) {
      ApiVersionsResponseData announced =
          (ApiVersionsResponseData)
              client.ask(ApiKeys.API_VERSIONS, (short) 0, 1, new ApiVersionsRequestData());
      for (ApiVersion api : announced.apiKeys()) {
        ApiKeys key = ApiKeys.forId(api.apiKey());
        short first = (short) Math.max(api.minVersion(), key.oldestVersion());
        for (short version = first; version <= api.maxVersion(); version++) {
          seeds.add(RawClient.frame(key, version, 1, request(key)));
          try {
            seeds.add(RawClient.frame(key, version, 1, FilledRequests.of(key)));
          } catch (UnsupportedVersionException e) {
            unfilled++;
          }
        }
      }
    }
    assertThat(unfilled).as("versions that lack a field").isLessThan(seeds.size() / 2);
    return seeds;
  }

  private static ApiMessage request(ApiKeys key) {
    return switch (key) {
      case METADATA ->
          new MetadataRequestData()
              .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName("fuzzed")));
      case PRODUCE -> produce();
      case FETCH ->
          new FetchRequestData()
              .setMaxBytes(100_000)
              .setTopics(
                  List.of(
                      new FetchRequestData.FetchTopic()
                          .setTopic("fuzzed")
                          .setPartitions(
                              List.of(
                                  new FetchRequestData.FetchPartition()
                                      .setPartitionMaxBytes(10_000)))));
      case LIST_OFFSETS ->
          new ListOffsetsRequestData()
              .setTopics(
                  List.of(
                      new ListOffsetsRequestData.ListOffsetsTopic()
                          .setName("fuzzed")
                          .setPartitions(
                              List.of(
                                  new ListOffsetsRequestData.ListOffsetsPartition()
                                      .setTimestamp(-1)))));
      default -> ApiMessageType.fromApiKey(key.id).newRequest();
    };
  }

  private static ProduceRequestData produce() {
    ProduceRequestData request =
        new ProduceRequestData().setAcks((short) -1).setTimeoutMs(100).setTransactionalId(null);
    request
        .topicData()
        .add(
            new ProduceRequestData.TopicProduceData()
                .setName("fuzzed")
                .setPartitionData(
                    List.of(
                        new ProduceRequestData.PartitionProduceData()
                            .setRecords(
                                MemoryRecords.withRecords(
                                    Compression.NONE,
                                    new SimpleRecord(
                                        "some records".getBytes(StandardCharsets.UTF_8)))))));
    return request;
  }

  private static void awaitMetric(String line) throws Exception {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    String metrics = node.metrics();
    while (!metrics.contains(line)) {
      assertThat(System.nanoTime()).as(line + " in\n" + metrics).isLessThan(deadlineNs);
      TimeUnit.MILLISECONDS.sleep(20);
      metrics = node.metrics();
    }
  }
}
