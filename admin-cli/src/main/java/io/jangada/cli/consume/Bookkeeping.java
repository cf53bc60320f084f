// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.consume;

import io.jangada.client.Consumer;
import io.jangada.client.ConsumerRecord;
import io.jangada.common.TopicPartition;

/** What becomes of records that were printed, and how far others have come. */
interface Bookkeeping {
  /** Nothing is kept; the consumer's positions are all there is. */
  static Bookkeeping none(Consumer consumer) {
    return new Bookkeeping() {
      @Override
      public void printed(ConsumerRecord record) {}

      @Override
      public void out() {}

      @Override
      public boolean stopped() {
        return false;
      }

      @Override
      public long position(TopicPartition partition) {
        return consumer.position(partition);
      }
    };
  }

  /** A record was written to the output, which may still hold it back. */
  void printed(ConsumerRecord record);

  /** What was printed is out. */
  void out();

  /** Whether somebody wants to end. */
  boolean stopped();

  /** The next offset to be read, by whomever; -1 where nobody knows. */
  long position(TopicPartition partition);
}
