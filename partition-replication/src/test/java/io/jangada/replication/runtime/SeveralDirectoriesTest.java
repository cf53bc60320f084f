// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.replication.core.Acks;
import io.jangada.replication.core.AppendResult;
import io.jangada.replication.core.BrokerView;
import io.jangada.replication.core.IsrChangeOutcome;
import io.jangada.replication.core.PartitionAssignment;
import io.jangada.replication.directory.LogDirectoryConfig;
import io.jangada.replication.log.TestBatches;
import io.jangada.replication.storage.FaultyStorage;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker with a log directory on each of its disks. */
@Timeout(60)
class SeveralDirectoriesTest {
  private static final ReplicationLimits LIMITS =
      new ReplicationLimits(2 << 20, 16 << 20, 1_024, 64, 100, 1 << 20, 1);
  private static final long EPOCH = 1;
  private static final UUID FIRST = new UUID(7, 1);
  private static final UUID SECOND = new UUID(7, 2);

  @TempDir Path temp;
  private final FaultyStorage disk = new FaultyStorage();
  private final List<TopicIdPartition> partitions = new ArrayList<>();
  private ReplicationRuntime runtime;

  @BeforeEach
  void start() throws IOException {
    for (int i = 0; i < 4; i++) {
      partitions.add(new TopicIdPartition(new UUID(1, 1), i));
    }
    runtime = open();
    assign();
  }

  @AfterEach
  void stop() throws IOException {
    runtime.close();
  }

  private Path path(UUID id) {
    return temp.resolve("disk-" + id.getLeastSignificantBits());
  }

  private LogDirectoryConfig config(UUID id) {
    return new LogDirectoryConfig(path(id), id, 16 << 20, 64 << 20, 4 << 20, 64 << 20, 2);
  }

  private ReplicationRuntime open() throws IOException {
    return PartitionReplication.start(
        new ReplicationConfig(
            1, List.of(config(FIRST), config(SECOND)), LocalCluster.REPLICA, 2, 2, LIMITS),
        disk,
        new NoProposals(),
        broker -> Optional.empty(),
        new CollectorRegistry());
  }

  private void assign() {
    List<HostedAssignment> assigned = new ArrayList<>();
    for (TopicIdPartition id : partitions) {
      PartitionAssignment assignment =
          new PartitionAssignment(
              1, 1, 0, 0, List.of(1), 1, List.of(new BrokerView(1, EPOCH, true)));
      assigned.add(new HostedAssignment(id, "orders", TopicSettings.DEFAULT, assignment));
    }
    runtime.registry().apply(new MetadataUpdate(1, EPOCH, assigned, List.of()));
  }

  private AppendResult append(TopicIdPartition id) {
    AppendResult result;
    do {
      result =
          runtime
              .registry()
              .find(id)
              .orElseThrow()
              .append(TestBatches.fresh(3, 10, 1_000, 1), Acks.ALL, -1, 10_000)
              .orTimeout(20, TimeUnit.SECONDS)
              .join();
    } while (result instanceof AppendResult.Failed failed && failed.code() == ErrorCode.NOT_LEADER);
    return result;
  }

  private UUID directoryOf(TopicIdPartition id) {
    return ((LocalPartition) runtime.registry().find(id).orElseThrow()).directory().config().id();
  }

  private List<TopicIdPartition> in(UUID directory) {
    return partitions.stream().filter(id -> directoryOf(id).equals(directory)).toList();
  }

  @Test
  void newReplicasAreSpread() {
    assertThat(in(FIRST)).hasSize(2);
    assertThat(in(SECOND)).hasSize(2);
  }

  @Test
  void aFailedOneTakesOnlyItsOwnOffline() throws Exception {
    partitions.forEach(id -> assertThat(append(id)).isInstanceOf(AppendResult.Appended.class));
    CompletableFuture<LostReplicas> lost = new CompletableFuture<>();
    runtime.onReplicasLost(lost::complete);
    List<TopicIdPartition> lives = in(FIRST);
    List<TopicIdPartition> dies = in(SECOND);

    disk.failForcesBelow(path(SECOND));
    assertThat(append(dies.getFirst())).isInstanceOf(AppendResult.Failed.class);

    LostReplicas told = lost.get(10, TimeUnit.SECONDS);
    assertThat(told.replicas()).isEqualTo(Set.copyOf(dies));
    assertThat(told.directory()).contains(SECOND);
    assertThat(runtime.logDirectories()).containsOnlyKeys(FIRST);
    assertThat(runtime.storageFailed()).isFalse();
    lives.forEach(id -> assertThat(append(id)).isInstanceOf(AppendResult.Appended.class));

    disk.failForcesBelow(temp);
    assertThat(append(lives.getFirst())).isInstanceOf(AppendResult.Failed.class);
    assertThat(runtime.storageFailure().toCompletableFuture()).succeedsWithin(10, TimeUnit.SECONDS);
  }

  @Test
  void oneWithoutRoomRefusesOnlyWhatLiesInIt() {
    partitions.forEach(id -> assertThat(append(id)).isInstanceOf(AppendResult.Appended.class));
    List<TopicIdPartition> roomy = in(FIRST);
    TopicIdPartition cramped = in(SECOND).getFirst();

    disk.fullBelow(path(SECOND));
    AppendResult refusal = appendUntil(cramped, AppendResult.Failed.class);
    assertThat(refusal)
        .isInstanceOfSatisfying(
            AppendResult.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo(ErrorCode.DISK_FULL);
              assertThat(failed.definite()).isTrue();
              assertThat(failed.message()).contains(path(SECOND).toString());
            });
    roomy.forEach(id -> assertThat(append(id)).isInstanceOf(AppendResult.Appended.class));
    partitions.add(new TopicIdPartition(new UUID(1, 2), 0));
    partitions.add(new TopicIdPartition(new UUID(1, 2), 1));
    assign();
    assertThat(in(FIRST)).hasSize(4);

    disk.fullBelow(null);
    appendUntil(cramped, AppendResult.Appended.class);
  }

  private AppendResult appendUntil(TopicIdPartition id, Class<? extends AppendResult> wanted) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    AppendResult result = append(id);
    while (!wanted.isInstance(result)) {
      assertThat(System.nanoTime()).as("the deadline; last %s", result).isLessThan(deadline);
      result = append(id);
    }
    return result;
  }

  @Test
  void oneThatFindsOutAtASyncThatItIsFullIsGivenUp() throws Exception {
    CompletableFuture<LostReplicas> lost = new CompletableFuture<>();
    runtime.onReplicasLost(lost::complete);
    TopicIdPartition dies = in(SECOND).getFirst();

    disk.fullAtSegmentForcesBelow(path(SECOND));
    // Enough for the journal to need a checkpoint. What a sync could not write is gone, room or
    // not.
    for (int i = 0; i < 2_000 && !lost.isDone(); i++) {
      runtime
          .registry()
          .find(dies)
          .orElseThrow()
          .append(TestBatches.fresh(3, 100_000, 1_000, 1), Acks.ALL, -1, 10_000)
          .orTimeout(20, TimeUnit.SECONDS)
          .join();
    }

    assertThat(lost.get(10, TimeUnit.SECONDS).directory()).contains(SECOND);
    assertThat(runtime.logDirectories()).containsOnlyKeys(FIRST);
  }

  @Test
  void oneThatCannotBeOpenedLeavesTheOthersToStart() throws Exception {
    partitions.forEach(id -> assertThat(append(id)).isInstanceOf(AppendResult.Appended.class));
    List<TopicIdPartition> lives = in(FIRST);
    runtime.close();
    Files.move(path(SECOND), temp.resolve("taken-out"));
    Files.createFile(path(SECOND));

    runtime = open();
    CompletableFuture<LostReplicas> lost = new CompletableFuture<>();
    runtime.onReplicasLost(lost::complete);
    assertThat(lost.get(10, TimeUnit.SECONDS).directory()).contains(SECOND);
    assertThat(runtime.recovered()).containsOnlyKeys(lives);
    assign();
    lives.forEach(id -> assertThat(append(id)).isInstanceOf(AppendResult.Appended.class));
    assertThat(runtime.storageFailed()).isFalse();
  }

  @Test
  void oneThatComesBackDoesNotHideWhatWasWrittenMeanwhile() throws Exception {
    partitions.forEach(id -> assertThat(append(id)).isInstanceOf(AppendResult.Appended.class));
    TopicIdPartition moved = in(SECOND).getFirst();
    runtime.close();
    Files.move(path(SECOND), temp.resolve("taken-out"));
    Files.createFile(path(SECOND));
    runtime = open();
    assign();
    assertThat(append(moved)).isInstanceOf(AppendResult.Appended.class);
    assertThat(append(moved)).isEqualTo(new AppendResult.Appended(3, -1));
    runtime.close();
    Files.delete(path(SECOND));
    Files.move(temp.resolve("taken-out"), path(SECOND));

    runtime = open();
    RecoveredReplica found = runtime.recovered().get(moved);
    assertThat(found.verdict()).isEqualTo(RecoveredReplica.Verdict.SUSPECT);
    assertThat(found.directory()).isEqualTo(FIRST);
    assign();
    assertThat(append(moved)).isEqualTo(new AppendResult.Appended(6, -1));
    runtime.close();
    runtime = open();
    // Nobody has been told of the doubt yet.
    assertThat(runtime.recovered().get(moved).verdict())
        .isEqualTo(RecoveredReplica.Verdict.SUSPECT);
    runtime.recoveryReported();
    runtime.close();
    runtime = open();
    assertThat(runtime.recovered().get(moved)).isEqualTo(RecoveredReplica.whole(FIRST, 0, 9));
  }

  @Test
  void withoutAnyThereIsNothingToStart() throws Exception {
    runtime.close();
    for (UUID id : List.of(FIRST, SECOND)) {
      Files.move(path(id), temp.resolve("taken-out-" + id));
      Files.createFile(path(id));
    }
    assertThatThrownBy(this::open).isInstanceOf(IOException.class);
  }

  /** The partitions have one replica. */
  private static final class NoProposals implements IsrProposals {
    @Override
    public void propose(IsrProposal proposal, Consumer<IsrChangeOutcome> answer) {
      throw new IllegalStateException("expected no proposal, but got " + proposal);
    }

    @Override
    public void resign(TopicIdPartition partition, int leaderEpoch) {}
  }
}
