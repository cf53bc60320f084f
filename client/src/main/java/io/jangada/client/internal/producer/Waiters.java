// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

import io.jangada.client.RecordMetadata;
import io.jangada.client.SendCallback;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who waits for the records of one batch, and under which times the records were sent. Costs
 * nothing for a record that has the same callback and the same millisecond as the one before: a
 * list is only begun with the second callback, and times are kept as runs. Not thread-safe.
 */
final class Waiters {
  private static final Logger LOG = LoggerFactory.getLogger(Waiters.class);
  private static final int INITIAL = 16;
  private static final int INITIAL_RUNS = 4;

  private int count;
  private SendCallback same = SendCallback.IGNORE;
  private SendCallback @Nullable [] each;
  private int runs;
  private int[] runBegins = new int[INITIAL_RUNS];
  private long[] runTimesMs = new long[INITIAL_RUNS];

  void add(SendCallback callback, long timestampMs) {
    addCallback(callback);
    if (runs == 0 || runTimesMs[runs - 1] != timestampMs) {
      if (runs == runBegins.length) {
        runBegins = Arrays.copyOf(runBegins, 2 * runs);
        runTimesMs = Arrays.copyOf(runTimesMs, 2 * runs);
      }
      runBegins[runs] = count;
      runTimesMs[runs] = timestampMs;
      runs++;
    }
    count++;
  }

  int count() {
    return count;
  }

  /**
   * Tells all that the records are written.
   *
   * @param baseOffset of the first record, or -1
   * @param logAppendTimeMs the broker's time for all of them, or -1
   */
  void succeed(TopicPartition partition, long baseOffset, long logAppendTimeMs) {
    int run = 0;
    for (int i = 0; i < count; i++) {
      if (run + 1 < runs && runBegins[run + 1] == i) {
        run++;
      }
      SendCallback callback = callback(i);
      if (callback != SendCallback.IGNORE) {
        RecordMetadata metadata =
            new RecordMetadata(
                partition,
                baseOffset < 0 ? -1 : baseOffset + i,
                logAppendTimeMs < 0 ? runTimesMs[run] : logAppendTimeMs);
        call(partition, callback, metadata, null);
      }
    }
  }

  /** Tells all that the records are not written, or may not be. */
  void fail(TopicPartition partition, JangadaException error) {
    for (int i = 0; i < count; i++) {
      call(partition, callback(i), null, error);
    }
  }

  private SendCallback callback(int index) {
    SendCallback[] different = each;
    return different == null ? same : different[index];
  }

  private void addCallback(SendCallback callback) {
    SendCallback[] different = each;
    if (different == null) {
      if (count == 0 || same == callback) {
        same = callback;
        return;
      }
      different = new SendCallback[Math.max(INITIAL, 2 * count)];
      Arrays.fill(different, 0, count, same);
    } else if (count == different.length) {
      different = Arrays.copyOf(different, 2 * count);
    }
    different[count] = callback;
    each = different;
  }

  private static void call(
      TopicPartition partition,
      SendCallback callback,
      @Nullable RecordMetadata metadata,
      @Nullable JangadaException error) {
    try {
      callback.completed(metadata, error);
    } catch (RuntimeException e) {
      LOG.warn("{}: a send callback threw", partition, e);
    }
  }
}
