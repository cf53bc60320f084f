// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

/**
 * Chooses the partition of a record that names none. Called on the thread that sends, by any number
 * of them at once; must not block. What it throws fails the record.
 */
@FunctionalInterface
public interface Partitioner {
  /** Leaves a record to {@link #byKey}. */
  int NO_CHOICE = -1;

  /**
   * The partition.
   *
   * @param partitionCount how many the topic has, at least 1
   * @return from 0 up to one less than the count, or {@link #NO_CHOICE}
   */
  int partition(ProducerRecord record, int partitionCount);

  /**
   * The default: records with a key go where Kafka's clients send the key (murmur2); records
   * without stay with one partition for a batch's worth of bytes, then move to another (KIP-794).
   */
  static Partitioner byKey() {
    return ByKey.INSTANCE;
  }

  /** Leaves every record to the producer. */
  enum ByKey implements Partitioner {
    /** The one. */
    INSTANCE;

    @Override
    public int partition(ProducerRecord record, int partitionCount) {
      return NO_CHOICE;
    }
  }
}
