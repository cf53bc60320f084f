// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.produce;

import io.jangada.cli.Progress;
import io.jangada.client.Producer;
import io.jangada.client.ProducerRecord;
import io.jangada.client.RecordMetadata;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends what a source gives, as fast as the producer takes it, until the source ends or a record
 * fails. The producer's buffer bounds what is in flight.
 */
final class Sending {
  private static final long POLL_MS = 10;

  private final Producer producer;
  private final RecordSource source;
  private final Progress progress;
  private final Consumer<RecordMetadata> echo;
  private final Acknowledgements acknowledgements = new Acknowledgements();
  private volatile long sent;
  private volatile boolean stopped;

  /**
   * A run that has not begun.
   *
   * @param echo hears where each record went, on the producer's thread
   */
  Sending(
      Producer producer, RecordSource source, Progress progress, Consumer<RecordMetadata> echo) {
    this.producer = producer;
    this.source = source;
    this.progress = progress;
    this.echo = echo;
  }

  /**
   * Sends everything and waits for the answers.
   *
   * @throws JangadaException if a record failed: says what was acknowledged
   * @throws IOException if the input broke; what was sent before is answered
   */
  Acknowledgements run() throws IOException {
    try {
      ProducerRecord record = source.next();
      while (record != null && !stopped && acknowledgements.firstError() == null) {
        send(record);
        record = source.next();
      }
    } finally {
      producer.flush();
      progress.clear();
    }
    JangadaException error = acknowledgements.firstError();
    if (error != null) {
      throw explained(error);
    }
    return acknowledgements;
  }

  /**
   * Sends no more, and waits for what is on its way. For another thread: the one that runs may be
   * waiting for input that never comes.
   *
   * @return what is acknowledged
   */
  String stop(Duration patience) throws InterruptedException {
    stopped = true;
    long deadlineNanos = System.nanoTime() + patience.toNanos();
    while (acknowledgements.count() < sent
        && acknowledgements.firstError() == null
        && System.nanoTime() < deadlineNanos) {
      Thread.sleep(POLL_MS);
    }
    return "acknowledged are %d of the %d records sent, among them the first %d"
        .formatted(acknowledgements.count(), sent, acknowledgements.contiguous());
  }

  /** Whether {@link #stop} was called. */
  boolean stopped() {
    return stopped;
  }

  private void send(ProducerRecord record) {
    long index = sent;
    sent = index + 1;
    int bytes = length(record.key()) + length(record.value());
    producer.send(
        record,
        (metadata, error) -> {
          if (metadata != null) {
            acknowledgements.acknowledged(index, bytes);
            echo.accept(metadata);
          } else if (error != null) {
            acknowledgements.failed(index, error);
          }
        });
    if (progress.due()) {
      progress.update(acknowledgements.count(), acknowledgements.bytes());
    }
  }

  private JangadaException explained(JangadaException error) {
    String message =
        "record %d failed: %s; acknowledged are %d of the %d records sent, among them the first %d"
            .formatted(
                acknowledgements.firstErrorIndex() + 1,
                error.getMessage(),
                acknowledgements.count(),
                sent,
                acknowledgements.contiguous());
    return new JangadaException(error.code(), message, error.hint(), error.definite(), error);
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
