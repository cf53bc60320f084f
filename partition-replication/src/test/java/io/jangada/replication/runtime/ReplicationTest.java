// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.replication.core.Acks;
import io.jangada.replication.core.AppendResult;
import io.jangada.replication.log.LogSlice;
import io.jangada.replication.log.TestBatches;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReplicationTest {
  private static final int ANY_EPOCH = -1;
  private static final long TIMEOUT_MS = 20_000;
  private static final ReplicationLimits SMALL =
      new ReplicationLimits(2 << 20, 16 << 20, 1_024, 64, 100, 1 << 20, 0);

  @TempDir Path temp;
  private LocalCluster cluster;
  private int seed;

  @BeforeEach
  void startBrokers() throws IOException {
    cluster = new LocalCluster(temp, SMALL);
    for (int id = 1; id <= 3; id++) {
      cluster.start(id);
    }
  }

  @AfterEach
  void stopBrokers() throws IOException {
    cluster.close();
  }

  private CompletableFuture<AppendResult> append(
      int broker, TopicIdPartition id, int payloadBytes, Acks acks) {
    seed++;
    return cluster
        .broker(broker)
        .partition(id)
        .append(TestBatches.fresh(3, payloadBytes, 1_000, seed), acks, ANY_EPOCH, TIMEOUT_MS);
  }

  private void appendAll(int broker, TopicIdPartition id, int batches, int payloadBytes) {
    List<CompletableFuture<AppendResult>> answers = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      answers.add(append(broker, id, payloadBytes, Acks.ALL));
      if (i % 10 == 9) {
        answers.getLast().join();
      }
    }
    assertThat(answers)
        .allSatisfy(answer -> assertThat(answer.join()).isInstanceOf(AppendResult.Appended.class));
  }

  private static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not in time: " + what);
      }
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
    }
  }

  private void awaitLeader(int broker, TopicIdPartition id) {
    await(
        "broker " + broker + " leads",
        () -> cluster.broker(broker).partition(id).status().view().leading());
  }

  private void awaitIsr(TopicIdPartition id, Integer... members) {
    await(
        "ISR " + Arrays.toString(members),
        () ->
            cluster.isr(id).containsAll(List.of(members))
                && cluster.isr(id).size() == members.length);
  }

  private void awaitSameEnd(TopicIdPartition id, long end, int... brokers) {
    for (int broker : brokers) {
      await(
          "broker " + broker + " has " + end + " and knows it",
          () -> {
            PartitionStatus status = cluster.broker(broker).partition(id).status();
            return status.view().logEndOffset() == end && status.view().highWatermark() == end;
          });
    }
  }

  private static byte[] bytes(LocalCluster.Broker broker, TopicIdPartition id) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    LocalPartition partition = (LocalPartition) broker.partition(id);
    long offset = partition.log().logStartOffset();
    while (offset < partition.log().logEndOffset()) {
      LogSlice slice = partition.log().read(offset, 1 << 20, Long.MAX_VALUE);
      for (ByteBuffer buffer : slice.buffers()) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(copy);
        all.writeBytes(copy);
      }
      assertThat(slice.isEmpty()).describedAs("nothing at offset " + offset).isFalse();
      offset = slice.nextOffset();
    }
    return all.toByteArray();
  }

  private static long segmentsIn(LocalPartition partition) {
    try (Stream<Path> files = Files.list(partition.log().directory())) {
      return files.filter(file -> file.toString().endsWith(".log")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertSameLogs(TopicIdPartition id, int... brokers) throws IOException {
    byte[] first = bytes(cluster.broker(brokers[0]), id);
    assertThat(first).isNotEmpty();
    for (int broker : brokers) {
      assertThat(Arrays.equals(bytes(cluster.broker(broker), id), first))
          .describedAs("log of broker " + broker)
          .isTrue();
    }
  }

  @Test
  void everyReplicaHoldsTheSameBytes() throws IOException {
    TopicIdPartition id = cluster.create(2, 1, 2, 3);
    awaitLeader(1, id);
    appendAll(1, id, 300, 1_000);
    awaitSameEnd(id, 900, 1, 2, 3);
    assertSameLogs(id, 1, 2, 3);
  }

  @Test
  void batchesLargerThanAFrameGoThroughInChunks() throws IOException {
    TopicIdPartition id = cluster.create(2, 1, 2, 3);
    awaitLeader(1, id);
    appendAll(1, id, 5, 1_700_000);
    appendAll(1, id, 20, 300_000);
    awaitSameEnd(id, 75, 1, 2, 3);
    assertSameLogs(id, 1, 2, 3);
  }

  @Test
  void aFollowerThatWasAwayIsFedFromDiskAndJoinsAgain() throws IOException {
    TopicIdPartition id = cluster.create(1, 1, 2, 3);
    TopicIdPartition other = cluster.create(1, 1, 2, 3);
    awaitLeader(1, id);
    awaitLeader(1, other);
    appendAll(1, id, 10, 1_000);
    cluster.stop(3);
    awaitIsr(id, 1, 2);
    appendAll(1, id, 100, 100_000);
    appendAll(1, other, 300, 10_000);
    cluster.start(3);
    awaitIsr(id, 1, 2, 3);
    awaitIsr(other, 1, 2, 3);
    awaitSameEnd(id, 330, 1, 2, 3);
    awaitSameEnd(other, 900, 1, 2, 3);
    assertSameLogs(id, 1, 2, 3);
    assertSameLogs(other, 1, 2, 3);
    LocalCluster.Broker leader = cluster.broker(1);
    assertThat(leader.movedTo("catch-up")).isPositive();
    await("all are fed live", () -> leader.movedTo("live") == leader.movedTo("catch-up"));
  }

  /** Rule 16: the log starts inside a batch, and the follower is behind that. */
  @Test
  void aFollowerBelowTheLogStartBeginsWithTheBatchThatHoldsIt() throws IOException {
    TopicIdPartition id = cluster.create(1, 1, 2, 3);
    awaitLeader(1, id);
    appendAll(1, id, 2, 1_000);
    cluster.stop(3);
    awaitIsr(id, 1, 2);
    appendAll(1, id, 10, 1_000);
    PartitionHandle leader = cluster.broker(1).partition(id);
    assertThat(leader.deleteRecords(37).join())
        .isInstanceOfSatisfying(
            DeleteRecordsResult.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE));
    assertThat(cluster.broker(2).partition(id).deleteRecords(1).join())
        .isInstanceOfSatisfying(
            DeleteRecordsResult.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.NOT_LEADER));
    assertThat(leader.deleteRecords(10).join()).isEqualTo(new DeleteRecordsResult.Deleted(10));
    cluster.start(3);
    awaitIsr(id, 1, 2, 3);
    awaitSameEnd(id, 36, 1, 2, 3);
    for (int broker : new int[] {1, 2, 3}) {
      await(
          "log start of broker " + broker,
          () -> cluster.broker(broker).partition(id).status().view().logStartOffset() == 10);
    }
    assertThat(leader.read(9, 1_000, ANY_EPOCH).join())
        .isInstanceOfSatisfying(
            ReadResult.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE));
    assertThat(leader.read(10, 1_000, ANY_EPOCH).join()).isInstanceOf(ReadResult.Batches.class);
  }

  @Test
  void whatHasExpiredGoesFromAllReplicasAndTheirDisks() throws IOException {
    TopicIdPartition id = cluster.create(1, 1, 2, 3);
    awaitLeader(1, id);
    appendAll(1, id, 40, 100_000);
    cluster.configure(settings -> settings.withRetention(60_000, TopicSettings.UNLIMITED));
    LocalPartition leader = (LocalPartition) cluster.broker(1).partition(id);
    await(
        "nothing is kept",
        () -> {
          leader.loop().execute(() -> leader.enforceRetention(10_000_000));
          return leader.status().view().logStartOffset() == 120;
        });
    for (int broker : new int[] {1, 2, 3}) {
      LocalPartition partition = (LocalPartition) cluster.broker(broker).partition(id);
      await("the segments of broker " + broker + " go", () -> segmentsIn(partition) == 0);
    }
    appendAll(1, id, 3, 1_000);
    awaitSameEnd(id, 129, 1, 2, 3);
  }

  @Test
  void aNewLeaderGoesOnAndTheOldOneFollows() throws IOException {
    TopicIdPartition id = cluster.create(2, 1, 2, 3);
    awaitLeader(1, id);
    appendAll(1, id, 50, 1_000);
    cluster.elect(id, 2);
    awaitLeader(2, id);
    assertThat(append(1, id, 10, Acks.ALL).join())
        .isInstanceOfSatisfying(
            AppendResult.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.NOT_LEADER));
    appendAll(2, id, 50, 1_000);
    cluster.elect(id, 3);
    awaitLeader(3, id);
    appendAll(3, id, 50, 1_000);
    awaitSameEnd(id, 450, 1, 2, 3);
    assertSameLogs(id, 1, 2, 3);
  }

  @Test
  void whatOnlyTheDeposedLeaderHasIsCutAway() throws IOException {
    TopicIdPartition id = cluster.create(1, 1, 2, 3);
    awaitLeader(1, id);
    appendAll(1, id, 20, 1_000);
    awaitSameEnd(id, 60, 1, 2, 3);
    cluster.stop(2);
    cluster.stop(3);
    awaitIsr(id, 1);
    appendAll(1, id, 7, 1_000);
    cluster.stop(1);
    cluster.start(2);
    cluster.electUncleanly(id, 2);
    awaitLeader(2, id);
    cluster.start(3);
    cluster.start(1);
    appendAll(2, id, 5, 500);
    awaitSameEnd(id, 75, 1, 2, 3);
    assertSameLogs(id, 1, 2, 3);
  }

  @Test
  void nothingIsAcknowledgedBeforeItIsDurableOnTheFollowersAsWell() {
    TopicIdPartition id = cluster.create(3, 1, 2, 3);
    awaitLeader(1, id);
    appendAll(1, id, 3, 100);
    CountDownLatch gate = new CountDownLatch(1);
    cluster.broker(3).disk().holdForces(gate);
    CompletableFuture<AppendResult> all = append(1, id, 100, Acks.ALL);
    CompletableFuture<AppendResult> leader = append(1, id, 100, Acks.LEADER);
    assertThat(leader.join()).isInstanceOf(AppendResult.Appended.class);
    await(
        "broker 3 has the batch",
        () -> cluster.broker(3).partition(id).status().view().logEndOffset() == 15);
    assertThat(all).isNotDone();
    gate.countDown();
    cluster.broker(3).disk().holdForces(null);
    assertThat(all.join()).isEqualTo(new AppendResult.Appended(9, -1));
  }

  @Test
  void aFailedSyncEndsTheDirectoryAndIsNotTriedAgain() {
    TopicIdPartition id = cluster.create(1, 1, 2, 3);
    TopicIdPartition other = cluster.create(1, 1, 2, 3);
    awaitLeader(1, id);
    awaitLeader(1, other);
    appendAll(1, id, 3, 100);
    cluster.broker(1).disk().failNextForce();
    assertThat(append(1, id, 100, Acks.LEADER).join())
        .isInstanceOfSatisfying(
            AppendResult.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo(ErrorCode.STORAGE_ERROR);
              assertThat(failed.definite()).isFalse();
            });
    assertThat(cluster.broker(1).runtime().storageFailed()).isTrue();
    int forces = cluster.broker(1).disk().forces();
    assertThat(append(1, other, 100, Acks.ALL).join())
        .isInstanceOfSatisfying(
            AppendResult.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.STORAGE_ERROR));
    assertThat(cluster.broker(1).disk().forces()).isEqualTo(forces);
  }

  @Test
  void aFullDiskRefusesBeforeTheAppend() throws IOException {
    cluster.close();
    cluster =
        new LocalCluster(
            temp.resolve("full"),
            new ReplicationLimits(2 << 20, 16 << 20, 1_024, 64, 100, 1 << 20, 1 << 20));
    cluster.start(1);
    TopicIdPartition id = cluster.create(1, 1);
    awaitLeader(1, id);
    appendAll(1, id, 1, 100);
    cluster.broker(1).disk().bytesLeft(500_000);
    await(
        "the reserve is seen",
        () ->
            append(1, id, 10, Acks.LEADER).join() instanceof AppendResult.Failed failed
                && failed.code() == ErrorCode.DISK_FULL
                && failed.definite());
  }

  @Test
  void readersWaitAtTheEndAndAreWoken() throws Exception {
    TopicIdPartition id = cluster.create(2, 1, 2, 3);
    awaitLeader(1, id);
    appendAll(1, id, 2, 100);
    PartitionHandle partition = cluster.broker(1).partition(id);
    assertThat(partition.read(6, 1_000, ANY_EPOCH).join())
        .isInstanceOfSatisfying(
            ReadResult.Batches.class, batches -> assertThat(batches.slice().isEmpty()).isTrue());
    CountDownLatch woken = new CountDownLatch(1);
    ParkedReader parked = partition.awaitAdvance(6, woken::countDown);
    CountDownLatch gone = new CountDownLatch(1);
    partition.awaitAdvance(6, gone::countDown).close();
    appendAll(1, id, 1, 100);
    assertThat(woken.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(gone.getCount()).isEqualTo(1);
    parked.close();
    CountDownLatch deposed = new CountDownLatch(1);
    partition.awaitAdvance(9, deposed::countDown);
    cluster.elect(id, 2);
    assertThat(deposed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aFollowerIsReadUpToItsHighWatermarkAndWakesWhoWaitsThere() throws Exception {
    TopicIdPartition id = cluster.create(2, 1, 2, 3);
    awaitLeader(1, id);
    appendAll(1, id, 2, 100);
    PartitionHandle follower = cluster.broker(2).partition(id);
    await("the high watermark", () -> follower.status().view().highWatermark() == 6);
    assertThat(follower.read(0, 10_000, ANY_EPOCH).join())
        .isInstanceOfSatisfying(
            ReadResult.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.NOT_LEADER));
    assertThat(follower.readHere(0, 10_000, ANY_EPOCH).join())
        .isInstanceOfSatisfying(
            ReadResult.Batches.class,
            batches -> assertThat(batches.slice().nextOffset()).isEqualTo(6));
    assertThat(follower.readHere(7, 1_000, ANY_EPOCH).join())
        .isInstanceOfSatisfying(
            ReadResult.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.OFFSET_NOT_AVAILABLE));
    CountDownLatch woken = new CountDownLatch(1);
    follower.awaitAdvanceHere(6, woken::countDown);
    assertThat(woken.getCount()).isEqualTo(1);
    appendAll(1, id, 1, 100);
    assertThat(woken.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void readsFromMemoryAndFromDiskAndByTime() {
    TopicIdPartition id = cluster.create(1, 1);
    awaitLeader(1, id);
    appendAll(1, id, 40, 100_000);
    PartitionHandle partition = cluster.broker(1).partition(id);
    long offset = 0;
    int bytes = 0;
    while (offset < 120) {
      ReadResult result = partition.read(offset, 250_000, 0).join();
      assertThat(result).isInstanceOf(ReadResult.Batches.class);
      ReadResult.Batches batches = (ReadResult.Batches) result;
      assertThat(batches.slice().isEmpty()).isFalse();
      bytes += batches.slice().buffers().stream().mapToInt(ByteBuffer::remaining).sum();
      offset = batches.slice().nextOffset();
    }
    assertThat(bytes).isEqualTo(40 * 100_061);
    assertThat(partition.offsetForTimestamp(1_000, 0).join())
        .isInstanceOfSatisfying(
            OffsetResult.Found.class, found -> assertThat(found.at().offset()).isZero());
    assertThat(partition.offsetForTimestamp(1_001, 0).join())
        .isInstanceOf(OffsetResult.NotFound.class);
    assertThat(partition.read(0, 10, 7).join())
        .isInstanceOfSatisfying(
            ReadResult.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH));
    assertThat(partition.read(121, 10, 0).join())
        .isInstanceOfSatisfying(
            ReadResult.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE));
  }

  @Test
  void whatIsTooLargeOrDamagedOrTooMuchIsRefused() {
    TopicIdPartition id = cluster.create(3, 1, 2, 3);
    awaitLeader(1, id);
    PartitionHandle partition = cluster.broker(1).partition(id);
    assertThat(append(1, id, 5 << 20, Acks.ALL).join())
        .isInstanceOfSatisfying(
            AppendResult.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE));
    var damaged = TestBatches.fresh(1, 100, 1_000, 1);
    damaged.bytes().put(80, (byte) 99);
    assertThat(partition.append(damaged, Acks.ALL, ANY_EPOCH, TIMEOUT_MS).join())
        .isInstanceOfSatisfying(
            AppendResult.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.CORRUPT_MESSAGE));
    CountDownLatch gate = new CountDownLatch(1);
    cluster.broker(2).disk().holdForces(gate);
    List<CompletableFuture<AppendResult>> answers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      answers.add(append(1, id, 3_900_000, Acks.ALL));
    }
    assertThat(answers.getLast().join())
        .isInstanceOfSatisfying(
            AppendResult.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo(ErrorCode.OVERLOADED));
    gate.countDown();
    cluster.broker(2).disk().holdForces(null);
    assertThat(answers.subList(0, 4))
        .allSatisfy(answer -> assertThat(answer.join()).isInstanceOf(AppendResult.Appended.class));
  }

  @Test
  void everythingIsThereAfterARestartOfAll() throws IOException {
    TopicIdPartition id = cluster.create(2, 1, 2, 3);
    awaitLeader(1, id);
    appendAll(1, id, 30, 50_000);
    for (int broker = 1; broker <= 3; broker++) {
      cluster.stop(broker);
    }
    for (int broker = 1; broker <= 3; broker++) {
      cluster.start(broker);
      Map<TopicIdPartition, RecoveredReplica> recovered =
          cluster.broker(broker).runtime().recovered();
      assertThat(recovered).containsOnlyKeys(id);
      RecoveredReplica found = recovered.get(id);
      assertThat(found)
          .isEqualTo(
              RecoveredReplica.whole(
                  LocalCluster.directoryId(broker), found.lastEpoch(), found.endOffset()));
      assertThat(found.endOffset()).isPositive();
      assertThat(found.lastEpoch()).isNotNegative();
    }
    // The first to be back leads alone at first.
    awaitIsr(id, 1, 2, 3);
    cluster.elect(id, 2);
    awaitLeader(2, id);
    awaitIsr(id, 1, 2, 3);
    appendAll(2, id, 1, 100);
    awaitSameEnd(id, 93, 1, 2, 3);
    assertSameLogs(id, 1, 2, 3);
  }

  @Test
  void aDeletedPartitionLeavesNothing() throws IOException {
    TopicIdPartition id = cluster.create(2, 1, 2, 3);
    awaitLeader(1, id);
    appendAll(1, id, 3, 100);
    cluster.delete(id);
    assertThat(cluster.broker(1).runtime().registry().find(id)).isEmpty();
    for (int broker = 1; broker <= 3; broker++) {
      LocalCluster.Broker at = cluster.broker(broker);
      await(
          "no files at broker " + at.id(),
          () -> {
            try {
              return at.disk().list(at.directory()).stream()
                  .noneMatch(path -> path.toString().contains(id.topicId().toString()));
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
    }
  }
}
