// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record of a batch. Key, value and header values are read-only views of the batch's memory (or
 * of what it was decompressed to), not copies.
 *
 * @param offset its place in the partition
 * @param timestampMs milliseconds since the Unix epoch: the producer's, or the broker's where the
 *     batch says so
 * @param sequence the idempotent producer's number for it, or {@link RecordBatch#NO_SEQUENCE}
 * @param key null where there is none
 * @param value null for a tombstone
 * @param headers in the order in which they were sent
 */
public record DecodedRecord(
    long offset,
    long timestampMs,
    int sequence,
    @Nullable ByteBuffer key,
    @Nullable ByteBuffer value,
    List<RecordHeader> headers) {}
