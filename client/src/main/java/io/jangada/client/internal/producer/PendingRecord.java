// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

import io.jangada.client.SendCallback;
import io.jangada.record.RecordHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record with all that was decided for it before it enters a batch.
 *
 * @param timestampMs milliseconds since the Unix epoch
 * @param key or null
 * @param value or null
 * @param headers in their order
 * @param reservedBytes taken from the buffer for it
 * @param callback hears what became of it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy for each record would cost
record PendingRecord(
    long timestampMs,
    byte @Nullable [] key,
    byte @Nullable [] value,
    List<RecordHeader> headers,
    int reservedBytes,
    SendCallback callback) {}
