// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.record.Compression;
import java.time.Duration;
import java.util.List;

/**
 * How a producer gathers, sends and gives up. Immutable; start from {@link #defaults}.
 *
 * @param acknowledgement when a record counts as written
 * @param idempotent whether brokers recognise what is sent twice; has an effect only with {@link
 *     Acknowledgement#ALL}, because the others may lose the record that the next one follows
 * @param compression of the batches
 * @param batchBytes what a batch may hold before compression; a larger record gets its own batch
 * @param linger how long a batch that is not full waits for more records
 * @param bufferBytes what may be waiting or in flight altogether
 * @param maxRecordBytes the largest record that is accepted
 * @param maxInFlight how many batches of one partition may be unanswered: 1 to 5, as many as
 *     brokers remember (KIP-98)
 * @param limits the times after which waiting ends
 * @param extensions what the application adds: its partitioner and interceptors
 */
public record ProducerConfig(
    Acknowledgement acknowledgement,
    boolean idempotent,
    Compression compression,
    int batchBytes,
    Duration linger,
    long bufferBytes,
    int maxRecordBytes,
    int maxInFlight,
    Limits limits,
    Extensions extensions) {

  private static final int MAX_IN_FLIGHT = 5;
  private static final int MIN_BATCH_BYTES = 256;

  /**
   * The times after which a producer no longer waits.
   *
   * @param maxBlock how long {@code send} may block for metadata and for room in the buffer
   * @param request how long one attempt may stay unanswered
   * @param delivery how long a record may take from {@code send} to its answer, retries included
   */
  public record Limits(Duration maxBlock, Duration request, Duration delivery) {
    /** Checks. */
    public Limits {
      Checks.notNegative("maxBlock", maxBlock);
      Checks.positive("request", request);
      Checks.positive("delivery", delivery);
    }
  }

  /**
   * What the application adds to sending.
   *
   * @param partitioner chooses partitions for records that name none
   * @param interceptors see each record first, in this order
   */
  public record Extensions(Partitioner partitioner, List<ProducerInterceptor> interceptors) {
    /** Nothing is added. */
    public static final Extensions NONE = new Extensions(Partitioner.byKey(), List.of());

    /** Copies. */
    public Extensions {
      interceptors = List.copyOf(interceptors);
    }
  }

  /** Checks. */
  public ProducerConfig {
    Checks.between("batchBytes", batchBytes, MIN_BATCH_BYTES, 1 << 30);
    Checks.notNegative("linger", linger);
    Checks.positive("maxRecordBytes", maxRecordBytes);
    Checks.between("maxInFlight", maxInFlight, 1, MAX_IN_FLIGHT);
    if (bufferBytes < maxRecordBytes) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected bufferBytes to hold a record of "
              + maxRecordBytes
              + " bytes, but it is "
              + bufferBytes,
          "raise bufferBytes or lower maxRecordBytes");
    }
  }

  /** What suits most: nothing acknowledged is lost, nothing is written twice. */
  public static ProducerConfig defaults() {
    return new ProducerConfig(
        Acknowledgement.ALL,
        true,
        Compression.NONE,
        128 * 1024,
        Duration.ofMillis(5),
        32L * 1024 * 1024,
        1024 * 1024,
        MAX_IN_FLIGHT,
        new Limits(Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(120)),
        Extensions.NONE);
  }

  /** A copy with another acknowledgement. */
  public ProducerConfig withAcknowledgement(Acknowledgement value) {
    return new ProducerConfig(
        value,
        idempotent,
        compression,
        batchBytes,
        linger,
        bufferBytes,
        maxRecordBytes,
        maxInFlight,
        limits,
        extensions);
  }

  /** A copy that is idempotent or not. */
  public ProducerConfig withIdempotent(boolean value) {
    return new ProducerConfig(
        acknowledgement,
        value,
        compression,
        batchBytes,
        linger,
        bufferBytes,
        maxRecordBytes,
        maxInFlight,
        limits,
        extensions);
  }

  /** A copy with another compression. */
  public ProducerConfig withCompression(Compression value) {
    return new ProducerConfig(
        acknowledgement,
        idempotent,
        value,
        batchBytes,
        linger,
        bufferBytes,
        maxRecordBytes,
        maxInFlight,
        limits,
        extensions);
  }

  /** A copy that gathers otherwise. */
  public ProducerConfig withBatching(int bytes, Duration lingerTime) {
    return new ProducerConfig(
        acknowledgement,
        idempotent,
        compression,
        bytes,
        lingerTime,
        bufferBytes,
        maxRecordBytes,
        maxInFlight,
        limits,
        extensions);
  }

  /** A copy with other memory bounds. */
  public ProducerConfig withMemory(long buffer, int maxRecord) {
    return new ProducerConfig(
        acknowledgement,
        idempotent,
        compression,
        batchBytes,
        linger,
        buffer,
        maxRecord,
        maxInFlight,
        limits,
        extensions);
  }

  /** A copy with another number of unanswered batches for each partition. */
  public ProducerConfig withMaxInFlight(int value) {
    return new ProducerConfig(
        acknowledgement,
        idempotent,
        compression,
        batchBytes,
        linger,
        bufferBytes,
        maxRecordBytes,
        value,
        limits,
        extensions);
  }

  /** A copy with other times. */
  public ProducerConfig withLimits(Duration maxBlock, Duration request, Duration delivery) {
    return new ProducerConfig(
        acknowledgement,
        idempotent,
        compression,
        batchBytes,
        linger,
        bufferBytes,
        maxRecordBytes,
        maxInFlight,
        new Limits(maxBlock, request, delivery),
        extensions);
  }

  /** A copy that chooses partitions otherwise. */
  public ProducerConfig withPartitioner(Partitioner value) {
    return withExtensions(new Extensions(value, extensions.interceptors()));
  }

  /** A copy whose records these see first, in this order. */
  public ProducerConfig withInterceptors(ProducerInterceptor... values) {
    return withExtensions(new Extensions(extensions.partitioner(), List.of(values)));
  }

  private ProducerConfig withExtensions(Extensions value) {
    return new ProducerConfig(
        acknowledgement,
        idempotent,
        compression,
        batchBytes,
        linger,
        bufferBytes,
        maxRecordBytes,
        maxInFlight,
        limits,
        value);
  }

  /** Whether batches carry a producer id and sequences. */
  public boolean sequenced() {
    return idempotent && acknowledgement == Acknowledgement.ALL;
  }
}
