// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Reading from the partitions that this broker leads, or follows. Thread-safe. */
public interface FetchService {
  /** The reader knows no leader epoch. */
  int ANY_EPOCH = -1;

  /**
   * Reads whole batches from the one that holds the offset on, nothing at or above the high
   * watermark. Never blocks: what is not in memory is read on threads of the log's.
   *
   * @param leaderEpoch the epoch the reader knows, or {@link #ANY_EPOCH} (KIP-320)
   * @param maxBytes at least one batch is returned, even a larger one, if there is one
   * @return completes exceptionally with a {@link io.jangada.common.JangadaException} if the
   *     partition is not led here, the epoch is not the current one, or the offset is out of range
   */
  CompletableFuture<Fetched> fetch(
      PartitionRef partition, long offset, int leaderEpoch, int maxBytes);

  /**
   * As {@link #fetch}, also where this broker follows: up to the high watermark that is known here;
   * above it OFFSET_NOT_AVAILABLE (KIP-392).
   */
  CompletableFuture<Fetched> fetchHere(
      PartitionRef partition, long offset, int leaderEpoch, int maxBytes);

  /**
   * What {@link #fetch}, or {@link #fetchHere}, would say of the partition, without reading it.
   *
   * @param anyReplica also where this broker follows
   * @return without batches; reading goes on at the offset
   * @throws io.jangada.common.JangadaException as those complete with
   */
  Fetched look(PartitionRef partition, long offset, int leaderEpoch, boolean anyReplica);

  /** As {@link #park}, also where this broker follows. */
  Parked parkHere(PartitionRef partition, long offset, Runnable wake);

  /**
   * Calls back once: when the high watermark is above the offset, or at once if it is already, or
   * when the partition is led here no more. A parked callback costs memory, no thread.
   *
   * @param wake runs on a thread of the partition's: has to return at once
   * @return ends the parking; may be closed more than once and after the call
   * @throws io.jangada.common.JangadaException if the partition is not led here, or OVERLOADED
   *     where too many readers are parked
   */
  Parked park(PartitionRef partition, long offset, Runnable wake);

  /**
   * What a fetch found.
   *
   * @param batches whole record batches in offset order, to be read only; empty at the end of the
   *     log
   * @param sizeInBytes of all batches
   * @param nextOffset where to go on
   */
  record Fetched(
      List<ByteBuffer> batches,
      int sizeInBytes,
      long nextOffset,
      int leaderEpoch,
      long highWatermark,
      long logStartOffset) {}

  /** A parked reader. */
  interface Parked extends AutoCloseable {
    @Override
    void close();
  }
}
