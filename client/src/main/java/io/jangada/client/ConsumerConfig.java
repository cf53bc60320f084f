// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import java.util.List;

/**
 * How a consumer reads. Immutable; start from {@link #defaults}.
 *
 * @param start where a partition begins that was assigned without a seek; FAIL is not allowed here
 * @param reset what to do when the wanted offset is not in the log any more
 * @param bufferBytes what one broker may send ahead of {@code poll}; one batch may exceed it
 * @param maxPollRecords what one {@code poll} returns at most
 * @param maxDecompressedBytes what one batch may be decompressed to
 * @param rack where the consumer is: an in-sync replica on a broker of that rack is read instead of
 *     the leader (KIP-392); empty = leaders are read
 * @param interceptors see records before {@code poll} returns them, in this order
 */
public record ConsumerConfig(
    OffsetReset start,
    OffsetReset reset,
    int bufferBytes,
    int maxPollRecords,
    int maxDecompressedBytes,
    String rack,
    List<ConsumerInterceptor> interceptors) {

  /** Checks. */
  public ConsumerConfig {
    if (start == OffsetReset.FAIL) {
      throw new IllegalArgumentException("a consumer has to start somewhere");
    }
    Checks.positive("bufferBytes", bufferBytes);
    Checks.positive("maxPollRecords", maxPollRecords);
    Checks.positive("maxDecompressedBytes", maxDecompressedBytes);
    interceptors = List.copyOf(interceptors);
  }

  /** From the beginning, and never past a gap without saying so. */
  public static ConsumerConfig defaults() {
    return new ConsumerConfig(
        OffsetReset.BEGINNING,
        OffsetReset.FAIL,
        8 * 1024 * 1024,
        4096,
        64 * 1024 * 1024,
        "",
        List.of());
  }

  /** A copy that starts elsewhere. */
  public ConsumerConfig withStart(OffsetReset value) {
    return new ConsumerConfig(
        value, reset, bufferBytes, maxPollRecords, maxDecompressedBytes, rack, interceptors);
  }

  /** A copy that treats lost offsets otherwise. */
  public ConsumerConfig withReset(OffsetReset value) {
    return new ConsumerConfig(
        start, value, bufferBytes, maxPollRecords, maxDecompressedBytes, rack, interceptors);
  }

  /** A copy with another memory bound. */
  public ConsumerConfig withBufferBytes(int bytes) {
    return new ConsumerConfig(
        start, reset, bytes, maxPollRecords, maxDecompressedBytes, rack, interceptors);
  }

  /** A copy that returns other amounts. */
  public ConsumerConfig withMaxPollRecords(int records) {
    return new ConsumerConfig(
        start, reset, bufferBytes, records, maxDecompressedBytes, rack, interceptors);
  }

  /** A copy that prefers replicas of a rack; empty for none. */
  public ConsumerConfig withRack(String value) {
    return new ConsumerConfig(
        start, reset, bufferBytes, maxPollRecords, maxDecompressedBytes, value, interceptors);
  }

  /** A copy whose records these see first, in this order. */
  public ConsumerConfig withInterceptors(ConsumerInterceptor... values) {
    return new ConsumerConfig(
        start, reset, bufferBytes, maxPollRecords, maxDecompressedBytes, rack, List.of(values));
  }
}
