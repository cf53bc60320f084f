// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

/**
 * What bounds the memory of the partitions, all of them together unless said otherwise. What does
 * not fit is refused as OVERLOADED.
 *
 * @param tailCacheBytes newest batches kept in memory; the survivor spaces of the launcher's heap
 *     are made for it
 * @param appendBytes batches that wait for an event loop or for acknowledgements
 * @param queuedAppends appends that wait for one event loop
 * @param queuedReads reads that wait for a reading thread
 * @param parkedReaders readers that wait for the high watermark
 * @param streamCreditBytes unacknowledged bytes on one replication stream, held by the follower
 * @param diskReserveBytes appends are refused as DISK_FULL while less is free where the partition
 *     lies
 * @param compactionBytes for the keys that a pass of log compaction remembers
 * @param compactionBytesPerSecond read and written by log compaction at most
 */
public record ReplicationLimits(
    long tailCacheBytes,
    long appendBytes,
    int queuedAppends,
    int queuedReads,
    int parkedReaders,
    long streamCreditBytes,
    long diskReserveBytes,
    long compactionBytes,
    long compactionBytesPerSecond) {
  /** 16 MiB, 64 MiB, 16,384, 4,096, 100,000, 16 MiB, 256 MiB, 32 MiB, 256 MiB. */
  public static final ReplicationLimits DEFAULT =
      new ReplicationLimits(16L << 20, 64L << 20, 16_384, 4_096, 100_000, 16L << 20, 256L << 20);

  /** With the default bounds of log compaction. */
  public ReplicationLimits(
      long tailCacheBytes,
      long appendBytes,
      int queuedAppends,
      int queuedReads,
      int parkedReaders,
      long streamCreditBytes,
      long diskReserveBytes) {
    this(
        tailCacheBytes,
        appendBytes,
        queuedAppends,
        queuedReads,
        parkedReaders,
        streamCreditBytes,
        diskReserveBytes,
        32L << 20,
        256L << 20);
  }
}
