// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.grpc.ServerServiceDefinition;
import io.jangada.common.TopicIdPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The partitions of one broker process, running. Thread-safe. Start with {@code
 * PartitionReplication.start}.
 */
public interface ReplicationRuntime extends AutoCloseable {
  /** The replicas. */
  PartitionRegistry registry();

  /**
   * What other brokers call; to be added to the broker's gRPC server before it starts. The server's
   * {@code maxInboundMessageSize} may stay at its default.
   */
  ServerServiceDefinition service();

  /**
   * The replicas that recovery found on disk, and in what state. The caller compares them with the
   * metadata and has {@link PartitionRegistry#apply} remove those that are no longer assigned to
   * this broker.
   */
  Map<TopicIdPartition, RecoveredReplica> recovered();

  /**
   * The quorum has taken note of what {@link #recovered} says. Until then every start repeats what
   * an earlier one doubted. Blocks.
   */
  void recoveryReported();

  /**
   * Has the listener told of replicas that are lost from here on, and at once of those that were
   * lost since the start, and of log directories that could not be opened. Those that recovery
   * found damaged are not among them. Called back by any thread, which must not be held up.
   */
  void onReplicasLost(Consumer<LostReplicas> listener);

  /** Other limits from now on, for what is here and for what will be. Any thread; never blocks. */
  void tune(ReplicationTuning tuning);

  /** Milliseconds since the oldest unfinished fsync began; 0 if none runs (rule 13). */
  long oldestSyncAgeMs();

  /** The log directories that work, by their identities. */
  Map<UUID, Path> logDirectories();

  /** True once every log directory has failed; all replicas answer STORAGE_ERROR for good. */
  boolean storageFailed();

  /**
   * Completes, with what failed last, when {@link #storageFailed} becomes true; on the thread that
   * met the failure, which must not be held up. The failure of a single directory of several is
   * told by {@link #onReplicasLost}.
   */
  CompletionStage<IOException> storageFailure();

  /**
   * Completes with the first exception on one of the threads that is no single partition's or
   * stream's, on that thread: what the partitions have in common may be inconsistent, and the
   * process should end. A defect of a partition takes that replica offline, one of a stream closes
   * it.
   */
  CompletionStage<Throwable> defect();

  /** Answers what waits with SHUTTING_DOWN, makes the logs durable and closes them. Blocks. */
  @Override
  void close() throws IOException;
}
