// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.replication.core.Acks;
import io.jangada.replication.core.AppendResult;
import io.jangada.replication.core.BrokerView;
import io.jangada.replication.core.IsrChangeOutcome;
import io.jangada.replication.core.PartitionAssignment;
import io.jangada.replication.directory.LogDirectoryConfig;
import io.jangada.replication.log.TestBatches;
import io.jangada.replication.storage.FileStorage;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of replicas on disk that the metadata does not know, in this and another history.
 */
@Timeout(60)
class SettlementTest {
  private static final ReplicationLimits LIMITS =
      new ReplicationLimits(2 << 20, 16 << 20, 1_024, 64, 100, 1 << 20, 0);
  private static final UUID DISK = new UUID(7, 1);
  private static final UUID HISTORY = new UUID(5, 1);
  private static final UUID RESTORED = new UUID(5, 2);
  private static final TopicIdPartition STAYS = new TopicIdPartition(new UUID(1, 1), 0);
  private static final TopicIdPartition DELETED = new TopicIdPartition(new UUID(1, 2), 0);
  private static final TopicIdPartition UNKNOWN = new TopicIdPartition(new UUID(1, 3), 0);

  @TempDir Path temp;

  @Test
  void whatANewHistoryDoesNotKnowIsKeptAsideWhole() throws IOException {
    try (ReplicationRuntime runtime = open()) {
      assign(runtime, 1, STAYS, DELETED, UNKNOWN);
      for (TopicIdPartition id : List.of(STAYS, DELETED, UNKNOWN)) {
        append(runtime, id);
      }
      runtime.registry().settle(HISTORY, List.of());
      await(() -> history().contains(HISTORY.toString()));
    }
    try (ReplicationRuntime runtime = open()) {
      assertThat(runtime.recovered().get(UNKNOWN).endOffset()).isEqualTo(3);
      assertThat(runtime.recovered().get(UNKNOWN).lastEpoch()).isEqualTo(1);
      assign(runtime, 2, STAYS, UNKNOWN);
      runtime.registry().settle(HISTORY, List.of(DELETED));
      await(() -> files("disk").noneMatch(name -> name.contains(DELETED.topicId().toString())));
      assertThat(temp.resolve("disk/kept-aside")).doesNotExist();
      append(runtime, UNKNOWN);
    }
    try (ReplicationRuntime runtime = open()) {
      assign(runtime, 3, STAYS);
      runtime.registry().settle(RESTORED, List.of(UNKNOWN));
      await(() -> history().contains(RESTORED.toString()));
      assertThat(runtime.registry().find(UNKNOWN)).isEmpty();
      append(runtime, STAYS);
    }
    try (ReplicationRuntime runtime = open()) {
      assertThat(runtime.recovered()).containsOnlyKeys(STAYS);
      runtime.registry().settle(RESTORED, List.of());
    }
    Path aside;
    try (Stream<Path> kept = Files.list(temp.resolve("disk/kept-aside"))) {
      aside = kept.findFirst().orElseThrow();
    }
    assertThat(aside.getFileName().toString()).contains(UNKNOWN.topicId().toString());
    // As a log directory of its own: all its records are there, also those of the last run.
    Path other = Files.createDirectories(temp.resolve("other"));
    String name = aside.getFileName().toString();
    Files.move(aside, other.resolve(name.substring(0, name.lastIndexOf('.'))));
    try (ReplicationRuntime runtime = open(other)) {
      assertThat(runtime.recovered().get(UNKNOWN).endOffset()).isEqualTo(6);
    }
  }

  @Test
  void anUnknownHistoryKeepsAsideToo() throws IOException {
    try (ReplicationRuntime runtime = open()) {
      assign(runtime, 1, STAYS, UNKNOWN);
      append(runtime, UNKNOWN);
    }
    Files.writeString(temp.resolve("disk/history"), "jangada-history 1 nonsense");
    try (ReplicationRuntime runtime = open()) {
      assign(runtime, 2, STAYS);
      runtime.registry().settle(HISTORY, List.of(UNKNOWN));
      await(() -> history().contains(HISTORY.toString()));
    }
    assertThat(files("disk/kept-aside"))
        .singleElement()
        .asString()
        .contains(UNKNOWN.topicId().toString());
  }

  private ReplicationRuntime open() throws IOException {
    return open(temp.resolve("disk"));
  }

  private static ReplicationRuntime open(Path path) throws IOException {
    LogDirectoryConfig config =
        new LogDirectoryConfig(path, DISK, 16 << 20, 64 << 20, 4 << 20, 64 << 20, 2);
    return PartitionReplication.start(
        new ReplicationConfig(1, List.of(config), LocalCluster.REPLICA, 2, 2, LIMITS),
        new FileStorage(),
        new NoProposals(),
        broker -> Optional.empty(),
        new CollectorRegistry());
  }

  private static void assign(ReplicationRuntime runtime, int epoch, TopicIdPartition... ids) {
    List<HostedAssignment> assigned = new ArrayList<>();
    for (TopicIdPartition id : ids) {
      PartitionAssignment assignment =
          new PartitionAssignment(
              epoch, 1, epoch, epoch, List.of(1), 1, List.of(new BrokerView(1, epoch, true)));
      assigned.add(new HostedAssignment(id, "orders", TopicSettings.DEFAULT, assignment));
    }
    runtime.registry().apply(new MetadataUpdate(epoch, epoch, assigned, List.of()));
  }

  private static void append(ReplicationRuntime runtime, TopicIdPartition id) {
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
    assertThat(result).isInstanceOf(AppendResult.Appended.class);
  }

  private String history() {
    try {
      Path file = temp.resolve("disk/history");
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Stream<String> files(String directory) {
    try (Stream<Path> files = Files.list(temp.resolve(directory))) {
      return files.map(file -> file.getFileName().toString()).toList().stream();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void await(BooleanSupplier condition) {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadlineNanos);
      Thread.onSpinWait();
    }
  }

  private static final class NoProposals implements IsrProposals {
    @Override
    public void propose(IsrProposal proposal, Consumer<IsrChangeOutcome> answer) {
      answer.accept(new IsrChangeOutcome.Unknown());
    }

    @Override
    public void resign(TopicIdPartition partition, int leaderEpoch) {}
  }
}
