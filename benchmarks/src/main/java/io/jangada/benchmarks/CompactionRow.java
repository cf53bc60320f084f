// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.common.TopicIdPartition;
import io.jangada.record.Compression;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordBatchBuilder;
import io.jangada.replication.compaction.CompactionSettings;
import io.jangada.replication.core.Acks;
import io.jangada.replication.core.AppendResult;
import io.jangada.replication.core.BrokerView;
import io.jangada.replication.core.IsrChangeOutcome;
import io.jangada.replication.core.PartitionAssignment;
import io.jangada.replication.runtime.Cleanup;
import io.jangada.replication.runtime.HostedAssignment;
import io.jangada.replication.runtime.IsrProposal;
import io.jangada.replication.runtime.IsrProposals;
import io.jangada.replication.runtime.MetadataUpdate;
import io.jangada.replication.runtime.PartitionHandle;
import io.jangada.replication.runtime.PartitionReplication;
import io.jangada.replication.runtime.ReplicationConfig;
import io.jangada.replication.runtime.ReplicationLimits;
import io.jangada.replication.runtime.ReplicationRuntime;
import io.jangada.replication.runtime.TopicSettings;
import io.jangada.replication.storage.FileStorage;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One log of 1 GiB, records of 1 KiB and of 100 bytes with keys of 16 bytes, 200,000 different
 * ones, without compression and with LZ4: how many bytes of log compaction takes in a second, with
 * its one thread. The heap and the memory for keys are a broker's.
 */
final class CompactionRow implements Row {
  private static final long LOG_BYTES = 1L << 30;
  private static final int BATCH_BYTES = 64 << 10;
  private static final int KEYS = 200_000;
  private static final int POOL_BYTES = 8 << 20;
  private static final int SEGMENT_BYTES = 64 << 20;
  private static final int IN_FLIGHT = 32;
  private static final int ANY_EPOCH = -1;
  private static final int TIMEOUT_MS = 60_000;
  private static final TopicIdPartition ID = new TopicIdPartition(new UUID(1, 2), 0);

  /** Not slowed down, so that the thread is what is measured. */
  private static final ReplicationLimits LIMITS =
      new ReplicationLimits(
          16L << 20, 64L << 20, 16_384, 4_096, 100_000, 16L << 20, 0, 32L << 20, 1L << 40);

  @Override
  public void measure(Figures figures) throws Exception {
    one(figures, 1_000, Compression.NONE);
    one(figures, 100, Compression.NONE);
    one(figures, 1_000, Compression.LZ4);
  }

  private static void one(Figures figures, int valueBytes, Compression compression)
      throws Exception {
    Path directory = Files.createTempDirectory("jangada-compaction");
    CollectorRegistry metrics = new CollectorRegistry();
    ReplicationConfig defaults = ReplicationConfig.of(1, directory, new UUID(1, 1));
    ReplicationConfig config =
        new ReplicationConfig(
            1, defaults.logDirectories(), defaults.replica(), 1, defaults.readThreads(), LIMITS);
    try (ReplicationRuntime runtime =
        PartitionReplication.start(
            config, new FileStorage(), new NoQuorum(), broker -> Optional.empty(), metrics)) {
      assign(runtime, 1, Cleanup.DELETE);
      fill(runtime.registry().find(ID).orElseThrow(), valueBytes, compression);
      CompactionSettings settings = new CompactionSettings(0, 0, Long.MAX_VALUE, 0);
      assign(runtime, 2, new Cleanup(false, true, settings));
      long begunNanos = System.nanoTime();
      while (sample(metrics, "jangada_compaction_seconds_total") == 0) {
        if (System.nanoTime() - begunNanos > TimeUnit.MINUTES.toNanos(5)) {
          throw new IOException("expected the log to be compacted in 5 minutes, but it is not");
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
      }
      double seconds = sample(metrics, "jangada_compaction_seconds_total");
      String what =
          String.format(
              Locale.ROOT,
              "records of %d bytes, %s: ",
              valueBytes,
              compression == Compression.NONE ? "as they are" : compression);
      double read = sample(metrics, "jangada_compaction_read_bytes_total");
      figures.one("compaction, " + what + "bytes of log", "MB/s", read / seconds / 1e6);
      figures.one(
          "compaction, " + what + "left of each 1,000 bytes",
          "bytes",
          sample(metrics, "jangada_compaction_written_bytes_total") / read * 1_000);
    } finally {
      delete(directory);
    }
  }

  private static double sample(CollectorRegistry metrics, String name) {
    Double value = metrics.getSampleValue(name);
    return value == null ? 0 : value;
  }

  private static void assign(ReplicationRuntime runtime, int index, Cleanup cleanup) {
    TopicSettings settings =
        TopicSettings.DEFAULT
            .withSizes(1 << 20, SEGMENT_BYTES)
            .withRetention(TopicSettings.UNLIMITED, TopicSettings.UNLIMITED)
            .withCleanup(cleanup);
    PartitionAssignment assignment =
        new PartitionAssignment(index, 1, 1, 1, List.of(1), 1, List.of(new BrokerView(1, 1, true)));
    runtime
        .registry()
        .apply(
            new MetadataUpdate(
                index,
                1,
                List.of(new HostedAssignment(ID, "compacted", settings, assignment)),
                List.of()));
  }

  private static void fill(PartitionHandle partition, int valueBytes, Compression compression) {
    while (!partition.status().view().leading()) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    Random random = new Random(1);
    byte[] noise = new byte[POOL_BYTES];
    random.nextBytes(noise);
    byte[] value = new byte[valueBytes];
    ArrayDeque<CompletableFuture<AppendResult>> inFlight = new ArrayDeque<>();
    long bytes = 0;
    while (bytes < LOG_BYTES) {
      RecordBatchBuilder builder = RecordBatchBuilder.withRoom(BATCH_BYTES, compression);
      ByteBuffer key = ByteBuffer.allocate(16);
      do {
        key.putLong(8, random.nextInt(KEYS));
        // Half of it can be compressed away.
        int half = valueBytes / 2;
        System.arraycopy(noise, random.nextInt(POOL_BYTES - half), value, half, valueBytes - half);
      } while (builder.append(1_000, key, ByteBuffer.wrap(value), List.of()));
      bytes += builder.uncompressedBytes();
      inFlight.add(append(partition, builder.build()));
      if (inFlight.size() >= IN_FLIGHT) {
        inFlight.remove().join();
      }
    }
    inFlight.forEach(CompletableFuture::join);
  }

  /** Again where there is no room yet: the disk is slower than this. */
  private static CompletableFuture<AppendResult> append(
      PartitionHandle partition, RecordBatch batch) {
    return partition
        .append(batch, Acks.LEADER, ANY_EPOCH, TIMEOUT_MS)
        .thenCompose(
            result -> {
              if (result instanceof AppendResult.Failed failed && failed.code().retriable()) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                return append(partition, batch);
              }
              return result instanceof AppendResult.Appended
                  ? CompletableFuture.completedFuture(result)
                  : CompletableFuture.failedFuture(new IllegalStateException(result.toString()));
            });
  }

  /** Nobody to ask: the one replica leads. */
  private static final class NoQuorum implements IsrProposals {
    @Override
    public void propose(IsrProposal proposal, Consumer<IsrChangeOutcome> answer) {
      answer.accept(new IsrChangeOutcome.Unknown());
    }

    @Override
    public void resign(TopicIdPartition partition, int leaderEpoch) {
      throw new IllegalStateException("expected one replica that leads, but it resigns");
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> paths;
    try (Stream<Path> found = Files.walk(directory)) {
      paths = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : paths) {
      Files.delete(each);
    }
  }
}
