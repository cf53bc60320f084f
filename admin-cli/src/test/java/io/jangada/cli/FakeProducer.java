// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.client.Producer;
import io.jangada.client.ProducerRecord;
import io.jangada.client.RecordMetadata;
import io.jangada.client.SendCallback;
import io.jangada.common.JangadaException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Appends at once. */
final class FakeProducer implements Producer {
  private final FakeLog log;

  FakeProducer(FakeLog log) {
    this.log = log;
  }

  @Override
  public CompletableFuture<RecordMetadata> send(ProducerRecord record) {
    return CompletableFuture.completedFuture(log.append(record));
  }

  @Override
  public void send(ProducerRecord record, SendCallback callback) {
    try {
      callback.completed(log.append(record), null);
    } catch (JangadaException e) {
      callback.completed(null, e);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close(Duration timeout) {}

  @Override
  public void close() {}
}
