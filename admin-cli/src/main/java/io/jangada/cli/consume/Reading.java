// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.consume;

import io.jangada.cli.Progress;
import io.jangada.client.Consumer;
import io.jangada.client.ConsumerRecord;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Reads assigned partitions and prints the records until enough are printed, the end is reached, or
 * for ever. Holds what one poll returns in memory.
 */
final class Reading {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer consumer;
  private final RecordWriter writer;
  private final OutputStream out;
  private final Progress progress;
  private final Limits limits;
  private final Bookkeeping books;
  private long printed;
  private long printedBytes;

  /**
   * When to stop.
   *
   * @param records after so many
   * @param ends at these offsets; empty: never
   * @param patience how long nothing may come before the ends are reached
   */
  record Limits(long records, Map<TopicPartition, Long> ends, Duration patience) {}

  Reading(
      Consumer consumer,
      RecordWriter writer,
      OutputStream out,
      Progress progress,
      Limits limits,
      Bookkeeping books) {
    this.books = books;
    this.consumer = consumer;
    this.writer = writer;
    this.out = out;
    this.progress = progress;
    this.limits = limits;
  }

  /**
   * Reads until a limit is reached.
   *
   * @throws JangadaException REQUEST_TIMED_OUT if the ends are not reached and nothing comes
   * @throws IOException if the output broke
   */
  void run() throws IOException {
    long idleSinceNanos = System.nanoTime();
    while (printed < limits.records() && !books.stopped() && !endsReached()) {
      List<ConsumerRecord> records = consumer.poll(POLL);
      if (!records.isEmpty()) {
        idleSinceNanos = System.nanoTime();
      } else if (!limits.ends().isEmpty()) {
        requirePatience(System.nanoTime() - idleSinceNanos);
      }
      print(records);
    }
    progress.clear();
    out.flush();
  }

  private void print(List<ConsumerRecord> records) throws IOException {
    for (ConsumerRecord record : records) {
      if (printed == limits.records()) {
        break;
      }
      if (limits.ends().isEmpty() || record.offset() < end(record.topicPartition())) {
        writer.write(record, out);
        books.printed(record);
        printed++;
        printedBytes += record.value() == null ? 0 : record.value().remaining();
      }
    }
    // A reader at the other end of a pipe sees each record at once where they trickle in.
    out.flush();
    books.out();
    progress.update(printed, printedBytes);
  }

  private boolean endsReached() {
    if (limits.ends().isEmpty()) {
      return false;
    }
    for (Map.Entry<TopicPartition, Long> end : limits.ends().entrySet()) {
      if (books.position(end.getKey()) < end.getValue()) {
        return false;
      }
    }
    return true;
  }

  private long end(TopicPartition partition) {
    return limits.ends().getOrDefault(partition, Long.MAX_VALUE);
  }

  private void requirePatience(long idleNanos) {
    if (idleNanos > limits.patience().toNanos()) {
      throw new JangadaException(
          ErrorCode.REQUEST_TIMED_OUT,
          "expected records up to the end of the log, but none came for "
              + limits.patience().toSeconds()
              + " s; "
              + printed
              + " were printed",
          "jangada partition list",
          true,
          null);
    }
  }
}
