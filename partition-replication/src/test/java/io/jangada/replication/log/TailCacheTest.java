// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the newest batches hold in memory is what is counted. */
class TailCacheTest {
  private static final int REQUEST_BYTES = 1 << 20;

  private final TailCache cache = new TailCache(REQUEST_BYTES);
  private final TailCache.Tail tail = cache.newTail();

  @Test
  void aSmallBatchDoesNotKeepTheRequestThatItCameIn() {
    RecordBatch batch = inRequest(TestBatches.at(0, 1, 3, 1_000));
    tail.append(List.of(batch));
    ByteBuffer kept = tail.batches(0, 3).getFirst();
    assertThat(kept).isEqualTo(batch.bytes());
    assertThat(kept.array().length - kept.arrayOffset()).isEqualTo(batch.sizeInBytes());
    assertThat(cache.bytes()).isEqualTo(batch.sizeInBytes());
  }

  @Test
  void aBatchThatIsMostOfItsRequestIsNotCopied() {
    RecordBatch batch = inRequest(TestBatches.at(0, 1, 3, REQUEST_BYTES / 2));
    tail.append(List.of(batch));
    ByteBuffer kept = tail.batches(0, 3).getFirst();
    batch.assign(4_711, 1);
    assertThat(kept.getLong(0)).as("what is seen of a change").isEqualTo(4_711);
  }

  /** As it lies in the array that a request was received in, others before and behind it. */
  private static RecordBatch inRequest(RecordBatch batch) {
    ByteBuffer request = ByteBuffer.allocate(REQUEST_BYTES);
    request.put(200, batch.bytes(), 0, batch.sizeInBytes());
    return RecordBatch.at(request.slice(200, REQUEST_BYTES - 200));
  }
}
