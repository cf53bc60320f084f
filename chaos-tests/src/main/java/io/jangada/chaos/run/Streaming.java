// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.run;

import io.jangada.client.Producer;
import io.jangada.client.ProducerRecord;
import io.jangada.common.JangadaException;
import io.jangada.record.RecordHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends a file, paced, and writes down in a ledger what became of it. Each record carries its
 * line's number in a header, so that what is read back can be told apart even where lines are
 * alike.
 */
final class Streaming implements Runnable {
  /** The header with the line's number: eight bytes, big-endian. */
  static final String LINE_HEADER = "line";

  private final Path file;
  private final String topic;
  private final int partitions;
  private final Producer producer;
  private final Ledger ledger;
  private final Pacer pacer;
  private volatile @Nullable Throwable failure;

  /**
   * A run that has not begun.
   *
   * @param seconds how long it takes at least
   */
  Streaming(Path file, String topic, int partitions, Producer producer, Ledger ledger, int seconds)
      throws IOException {
    this.file = file;
    this.topic = topic;
    this.partitions = partitions;
    this.producer = producer;
    this.ledger = ledger;
    this.pacer = new Pacer(Files.size(file), seconds);
  }

  /** Sends everything and waits for the answers; stops at the first failure. */
  @Override
  public void run() {
    try (InputFile input = new InputFile(file)) {
      InputFile.Line line = input.next();
      while (line != null && ledger.error() == null) {
        pacer.spend(line.value().length + 1L);
        send(line);
        line = input.next();
      }
      producer.flush();
    } catch (IOException | InterruptedException | RuntimeException e) {
      failure = e;
    }
  }

  /** What ended the run too early, or null. */
  @Nullable Throwable failure() {
    return failure == null ? ledger.error() : failure;
  }

  private void send(InputFile.Line line) {
    int partition = Math.floorMod(Arrays.hashCode(line.key()), partitions);
    int bytes = line.value().length;
    byte[] key = line.key().length == 0 ? null : line.key();
    ByteBuffer number = ByteBuffer.allocate(Long.BYTES).putLong(line.index()).flip();
    long sentNanos = System.nanoTime();
    ledger.sent(partition);
    producer.send(
        new ProducerRecord(
            topic,
            partition,
            ProducerRecord.NOW,
            key,
            line.value(),
            List.of(new RecordHeader(LINE_HEADER, number))),
        (metadata, error) -> answered(partition, line.index(), bytes, sentNanos, error));
  }

  private void answered(
      int partition, long line, int bytes, long sentNanos, @Nullable JangadaException error) {
    if (error == null) {
      ledger.acknowledged(partition, line, bytes, sentNanos, System.nanoTime());
    } else {
      ledger.failed(partition, error);
    }
  }
}
