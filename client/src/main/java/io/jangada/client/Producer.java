// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.JangadaException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Writes records. Thread-safe; one is enough for a process.
 *
 * <p>Records of one partition are written in the order in which they were sent. With the defaults a
 * record is written exactly once while its producer lives: what is in doubt is sent again under the
 * same sequence number, and brokers recognise it. A record that could not be delivered in time is
 * reported; its error says whether it surely was not written ({@link JangadaException#definite}).
 */
public interface Producer extends AutoCloseable {
  /**
   * Sends a record. Returns when it is in the buffer, blocking up to {@code maxBlock} for room and
   * for metadata.
   *
   * @return completes when the broker has answered; fails with a {@link JangadaException}: what was
   *     refused at once (OVERLOADED, UNKNOWN_TOPIC, MESSAGE_TOO_LARGE …) as well as what was not
   *     delivered. Dependent actions run on the sender thread and must not block.
   */
  CompletableFuture<RecordMetadata> send(ProducerRecord record);

  /** The same with a callback instead of a future, which costs less. */
  void send(ProducerRecord record, SendCallback callback);

  /**
   * Sends what waits at once and blocks until everything sent before is answered or has failed.
   * Must not be called from a callback.
   *
   * @throws JangadaException REQUEST_TIMED_OUT if the thread is interrupted meanwhile
   */
  void flush();

  /**
   * Delivers what it can until the timeout, fails the rest with SHUTTING_DOWN, and ends. Further
   * calls have no effect.
   */
  void close(Duration timeout);

  /** Closes with the delivery timeout. */
  @Override
  void close();
}
