// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.replication.core.Acks;
import io.jangada.replication.core.AppendResult;
import io.jangada.replication.core.ReplicaRole;
import io.jangada.replication.log.LogSlice;
import io.jangada.replication.log.TestBatches;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rule 21: a damaged log is found, never served, set aside, and fetched anew from another one. */
@Timeout(90)
class RepairTest {
  private static final ReplicationLimits LIMITS =
      new ReplicationLimits(1 << 20, 16 << 20, 1_024, 64, 100, 1 << 20, 0);
  private static final int BATCHES = 60;
  private static final int BATCH_BYTES = 30_000;

  @TempDir Path temp;
  private final Map<Integer, Set<String>> told = new ConcurrentHashMap<>();
  private LocalCluster cluster;
  private int seed;

  @BeforeEach
  void startBrokers() throws IOException {
    cluster = new LocalCluster(temp, LIMITS);
    cluster.configure(settings -> settings.withSizes(4 << 20, 256 << 10));
    for (int id = 1; id <= 3; id++) {
      start(id);
    }
  }

  @AfterEach
  void stopBrokers() throws IOException {
    cluster.close();
  }

  /** Rights go as the quorum takes them: what is damaged at the start, and what is lost later. */
  private LocalCluster.Broker start(int id) throws IOException {
    LocalCluster.Broker broker = cluster.start(id);
    cluster.relinquish(
        id,
        broker.runtime().recovered().entrySet().stream()
            .filter(each -> each.getValue().verdict() == RecoveredReplica.Verdict.DAMAGED)
            .map(Map.Entry::getKey)
            .toList());
    broker
        .runtime()
        .onReplicasLost(
            lost -> {
              told.computeIfAbsent(id, ignored -> ConcurrentHashMap.newKeySet()).add(lost.reason());
              cluster.relinquish(id, lost.replicas());
            });
    return broker;
  }

  private AppendResult append(int broker, TopicIdPartition id) {
    AppendResult result;
    do {
      seed++;
      result =
          cluster
              .broker(broker)
              .partition(id)
              .append(TestBatches.fresh(3, BATCH_BYTES, 1_000, seed), Acks.ALL, -1, 20_000)
              .orTimeout(30, TimeUnit.SECONDS)
              .join();
    } while (result instanceof AppendResult.Failed failed && failed.code() == ErrorCode.NOT_LEADER);
    return result;
  }

  private void fill(int leader, TopicIdPartition id) {
    for (int i = 0; i < BATCHES; i++) {
      assertThat(append(leader, id)).isInstanceOf(AppendResult.Appended.class);
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not in time: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private List<Path> segments(int broker, TopicIdPartition id) {
    Path directory = ((LocalPartition) cluster.broker(broker).partition(id)).log().directory();
    if (!Files.exists(directory)) {
      // Made with the first write of its segments.
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".log"))
          .sorted()
          .collect(Collectors.toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A byte in the middle of the first segment, which is closed. */
  private void flip(int broker, TopicIdPartition id) throws IOException {
    await("segments are written", () -> segments(broker, id).size() >= 3);
    try (RandomAccessFile file = new RandomAccessFile(segments(broker, id).get(0).toFile(), "rw")) {
      long middle = file.length() / 2;
      file.seek(middle);
      int before = file.read();
      file.seek(middle);
      file.write(before ^ 0x10);
    }
  }

  /** Reads from the beginning until the damage is found, as a client that tries again does. */
  private void readToTheDamage(int broker, TopicIdPartition id) {
    long deadlineNanos = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    long offset = 0;
    ReadResult result = cluster.broker(broker).partition(id).read(0, 1 << 20, -1).join();
    while (!(result instanceof ReadResult.Failed failed)
        || failed.code() != ErrorCode.STORAGE_ERROR) {
      if (System.nanoTime() > deadlineNanos) {
        throw new AssertionError("read up to offset " + offset + " and found " + result);
      }
      result = cluster.broker(broker).partition(id).read(offset, 1 << 20, -1).join();
      if (result instanceof ReadResult.Batches batches) {
        offset = batches.slice().isEmpty() ? 0 : batches.slice().nextOffset();
      }
    }
  }

  private double metric(int broker, String name) {
    return cluster.broker(broker).metrics().getSampleValue(name);
  }

  private List<Path> quarantined(int broker) throws IOException {
    Path quarantine = cluster.broker(broker).directory().resolve("quarantine");
    if (!Files.exists(quarantine)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(quarantine)) {
      return files.toList();
    }
  }

  private byte[] bytes(int broker, TopicIdPartition id) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    LocalPartition partition = (LocalPartition) cluster.broker(broker).partition(id);
    long offset = 0;
    while (offset < partition.log().logEndOffset()) {
      LogSlice slice = partition.log().read(offset, 1 << 20, Long.MAX_VALUE);
      for (ByteBuffer buffer : slice.buffers()) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(copy);
        all.writeBytes(copy);
      }
      offset = slice.nextOffset();
    }
    return all.toByteArray();
  }

  private void assertRepaired(int broker, TopicIdPartition id) throws IOException {
    await("in sync again", () -> cluster.isr(id).size() == 3);
    await("noted", () -> metric(broker, "jangada_replicas_rebuilt_total") == 1);
    assertThat(metric(broker, "jangada_replicas_quarantined_total")).isEqualTo(1);
    int leader = cluster.leader(id);
    assertThat(append(leader, id)).isInstanceOf(AppendResult.Appended.class);
    await(
        "the end is there",
        () ->
            cluster.broker(broker).partition(id).status().view().logEndOffset()
                == cluster.broker(leader).partition(id).status().view().logEndOffset());
    assertThat(bytes(broker, id)).isEqualTo(bytes(leader, id));
    await(
        "no mark is left",
        () -> {
          try {
            return quarantined(broker).size() == 1;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    cluster.elect(id, broker);
    assertThat(append(broker, id)).isInstanceOf(AppendResult.Appended.class);
  }

  @Test
  void whatAReadFindsIsRepaired() throws IOException {
    TopicIdPartition id = cluster.create(2, 1, 2, 3);
    TopicIdPartition other = cluster.create(2, 1, 2, 3);
    fill(1, id);
    fill(1, other);
    flip(1, id);
    readToTheDamage(1, id);
    await("another leads", () -> cluster.leader(id) > 1);
    assertThat(told.get(1)).hasSize(1).first().asString().contains("damage found while reading");
    fill(cluster.leader(id), id);
    assertRepaired(1, id);
    assertThat(append(1, other)).isInstanceOf(AppendResult.Appended.class);
  }

  @Test
  void whatAStartFindsIsRepaired() throws IOException {
    TopicIdPartition id = cluster.create(2, 2, 1, 3);
    fill(2, id);
    await("segments are written", () -> segments(1, id).size() >= 3);
    cluster.stop(1);
    Path directory = temp.resolve("broker-1");
    Path first;
    try (Stream<Path> files = Files.walk(directory)) {
      first = files.filter(file -> file.toString().endsWith("0000.log")).sorted().findFirst().get();
    }
    try (RandomAccessFile file = new RandomAccessFile(first.toFile(), "rw")) {
      file.setLength(file.length() / 2);
    }
    LocalCluster.Broker broker = start(1);
    assertThat(broker.runtime().recovered().get(id).verdict())
        .isEqualTo(RecoveredReplica.Verdict.DAMAGED);
    assertRepaired(1, id);
  }

  @Test
  void theLastReplicaIsLeftAsItIs() throws IOException {
    TopicIdPartition id = cluster.create(1, 1);
    fill(1, id);
    flip(1, id);
    readToTheDamage(1, id);
    await("nobody leads", () -> cluster.leader(id) == -1);
    assertThat(append(1, id))
        .isInstanceOfSatisfying(
            AppendResult.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.STORAGE_ERROR));
    assertThat(segments(1, id)).isNotEmpty();
    assertThat(quarantined(1)).isEmpty();

    cluster.stop(1);
    LocalCluster.Broker broker = start(1);
    assertThat(broker.runtime().recovered().get(id).verdict())
        .isEqualTo(RecoveredReplica.Verdict.DAMAGED);
    assertThat(broker.partition(id).status().role()).isEqualTo(ReplicaRole.Kind.OFFLINE);
  }

  @Test
  void whatIsBeingFetchedNeitherLeadsNorCounts() throws IOException {
    TopicIdPartition id = cluster.create(2, 1, 2, 3);
    fill(1, id);
    flip(1, id);
    cluster.stop(2);
    cluster.stop(3);
    readToTheDamage(1, id);
    await("it gives way", () -> cluster.leader(id) != 1);
    cluster.electUncleanly(id, 2);
    await("set aside", () -> metric(1, "jangada_replicas_quarantined_total") == 1);
    await("begun anew", () -> cluster.broker(1).runtime().registry().find(id).isPresent());
    assertThat(cluster.broker(1).partition(id).status().view().logEndOffset()).isZero();

    cluster.electUncleanly(id, 1);
    await("it gives way", () -> cluster.leader(id) == -1);
    assertThat(told.get(1)).hasSize(2);
    assertThat(cluster.broker(1).partition(id).status().view().leading()).isFalse();

    cluster.stop(1);
    assertThat(start(1).runtime().recovered().get(id).verdict())
        .isEqualTo(RecoveredReplica.Verdict.DAMAGED);
    start(2);
    start(3);
    cluster.electUncleanly(id, 2);
    await("in sync again", () -> cluster.isr(id).size() == 3);
    assertThat(append(2, id)).isInstanceOf(AppendResult.Appended.class);
    assertThat(bytes(1, id)).isEqualTo(bytes(2, id));
    await("noted", () -> metric(1, "jangada_replicas_rebuilt_total") == 1);
    cluster.stop(1);
    assertThat(start(1).runtime().recovered().get(id).verdict())
        .isEqualTo(RecoveredReplica.Verdict.WHOLE);
  }
}
