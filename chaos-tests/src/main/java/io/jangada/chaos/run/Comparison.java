// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.run;

import io.jangada.client.Consumer;
import io.jangada.client.ConsumerRecord;
import io.jangada.common.TopicPartition;
import io.jangada.record.RecordHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * Reads a whole topic back and compares it with the file that was sent: every acknowledged line is
 * there once, byte for byte, and the lines of one partition are in the file's order.
 *
 * @param in lines of the file
 * @param out records that were read
 * @param lost acknowledged lines that were not read
 * @param duplicated records whose line had been read before
 * @param altered records that are not what the file has in that line
 * @param disordered records that come behind a later line of the same partition
 */
record Comparison(
    long in,
    long inBytes,
    long out,
    long outBytes,
    long lost,
    long duplicated,
    long altered,
    long disordered,
    long readMs) {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Whether nothing is wrong. */
  boolean holds() {
    return lost == 0 && duplicated == 0 && altered == 0 && disordered == 0;
  }

  /** Compares; holds four bytes for each line of the file in memory. */
  static Comparison of(Path file, Ledger ledger, Consumer consumer, String topic, int partitions)
      throws IOException {
    Checksums checksums = Checksums.of(file);
    Reader reader = new Reader(checksums, partitions);
    long startNanos = System.nanoTime();
    reader.readAll(consumer, topic);
    long readMs = (System.nanoTime() - startNanos) / 1_000_000;
    long lost = 0;
    for (int line = 0; line < checksums.lines; line++) {
      if (ledger.isAcknowledged(line) && !reader.seen.get(line)) {
        lost++;
      }
    }
    return new Comparison(
        checksums.lines,
        checksums.bytes,
        reader.out,
        reader.outBytes,
        lost,
        reader.duplicated,
        reader.altered,
        reader.disordered,
        readMs);
  }

  private static final class Checksums {
    private int[] byLine = new int[1 << 16];
    private int lines;
    private long bytes;

    static Checksums of(Path file) throws IOException {
      Checksums checksums = new Checksums();
      try (InputFile input = new InputFile(file)) {
        for (InputFile.Line line = input.next(); line != null; line = input.next()) {
          checksums.add(line);
        }
      }
      return checksums;
    }

    private void add(InputFile.Line line) {
      if (lines == byLine.length) {
        byLine = Arrays.copyOf(byLine, Math.multiplyExact(lines, 2));
      }
      byLine[lines++] = InputFile.checksum(line.value());
      bytes += line.value().length;
    }
  }

  private static final class Reader {
    private final Checksums checksums;
    private final BitSet seen = new BitSet();
    private final long[] lastLine;
    private long out;
    private long outBytes;
    private long duplicated;
    private long altered;
    private long disordered;

    private Reader(Checksums checksums, int partitions) {
      this.checksums = checksums;
      this.lastLine = new long[partitions];
      Arrays.fill(lastLine, -1);
    }

    private void readAll(Consumer consumer, String topic) {
      List<TopicPartition> all = new ArrayList<>();
      for (int partition = 0; partition < lastLine.length; partition++) {
        all.add(new TopicPartition(topic, partition));
      }
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      consumer.assign(all);
      consumer.seekToBeginning(all);
      long lastRecordNanos = System.nanoTime();
      while (!all.stream().allMatch(where -> consumer.position(where) >= ends.get(where))) {
        List<ConsumerRecord> records = consumer.poll(POLL);
        records.forEach(this::read);
        if (!records.isEmpty()) {
          lastRecordNanos = System.nanoTime();
        } else if (System.nanoTime() - lastRecordNanos > PATIENCE.toNanos()) {
          throw new IllegalStateException(
              "expected records up to "
                  + ends
                  + ", but none came for "
                  + PATIENCE.toSeconds()
                  + " s");
        }
      }
    }

    private void read(ConsumerRecord record) {
      byte[] value = record.valueBytes();
      long line = line(record);
      out++;
      outBytes += value == null ? 0 : value.length;
      if (value == null
          || line < 0
          || line >= checksums.lines
          || checksums.byLine[(int) line] != InputFile.checksum(value)) {
        altered++;
        return;
      }
      int partition = record.topicPartition().partition();
      if (seen.get((int) line)) {
        duplicated++;
      } else if (line < lastLine[partition]) {
        disordered++;
      }
      seen.set((int) line);
      lastLine[partition] = Math.max(lastLine[partition], line);
    }

    private static long line(ConsumerRecord record) {
      for (RecordHeader header : record.headers()) {
        ByteBuffer value = header.value();
        if (header.key().equals(Streaming.LINE_HEADER)
            && value != null
            && value.remaining() == Long.BYTES) {
          return value.getLong(value.position());
        }
      }
      return -1;
    }
  }
}
