// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import org.jspecify.annotations.Nullable;

/**
 * Sees each record before it is partitioned and may replace it, and may ask to hear what became of
 * it: for tracing, auditing, headers that every record carries. Interceptors run in their order.
 * Thread-safe; called on the thread that sends, must not block. What it throws is logged, and the
 * record goes on as it was.
 */
@FunctionalInterface
public interface ProducerInterceptor {
  /** What is to be sent, and who else hears of its end. */
  Interception onSend(ProducerRecord record);

  /**
   * An interceptor's answer.
   *
   * @param record goes on to the next interceptor, and out
   * @param completion called before the sender's own callback, as {@link SendCallback} says; null
   *     for none, which saves an object for each record
   */
  record Interception(ProducerRecord record, @Nullable SendCallback completion) {
    /** Only another record. */
    public static Interception of(ProducerRecord record) {
      return new Interception(record, null);
    }
  }
}
