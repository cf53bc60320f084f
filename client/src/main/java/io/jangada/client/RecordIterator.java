// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Polls without end; see {@link Consumer#iterator}. */
final class RecordIterator implements Iterator<ConsumerRecord> {
  /** A poll this long ends empty only because somebody woke it. */
  private static final Duration FOR_EVER = Duration.ofDays(3650);

  private final Consumer consumer;
  private Iterator<ConsumerRecord> polled = List.<ConsumerRecord>of().iterator();

  RecordIterator(Consumer consumer) {
    this.consumer = consumer;
  }

  @Override
  public boolean hasNext() {
    if (!polled.hasNext()) {
      polled = consumer.poll(FOR_EVER).iterator();
    }
    return polled.hasNext();
  }

  @Override
  public ConsumerRecord next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the consumer was woken up");
    }
    return polled.next();
  }
}
