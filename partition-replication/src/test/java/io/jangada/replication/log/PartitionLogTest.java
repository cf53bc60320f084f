// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.record.RecordBatch;
import io.jangada.replication.storage.FaultyStorage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionLogTest {
  private static final int PAYLOAD_BYTES = 939;
  private static final int BATCH_BYTES = RecordBatch.HEADER_BYTES + PAYLOAD_BYTES;
  private static final int PER_BATCH = 10;
  private static final LogConfig SMALL = new LogConfig(10_500, 2_000);

  @TempDir Path temp;
  private final FaultyStorage disk = new FaultyStorage();
  private final TailCache noCache = new TailCache(0);
  private Path directory;

  @BeforeEach
  void directory() {
    directory = temp.resolve("topic-0.id");
  }

  private PartitionLog open() throws IOException {
    return PartitionLog.open(disk, directory, SMALL, noCache, batch -> {});
  }

  private static void fill(PartitionLog log, int batches, int epoch) throws IOException {
    for (int i = 0; i < batches; i++) {
      log.append(List.of(TestBatches.at(log.logEndOffset(), epoch, PER_BATCH, PAYLOAD_BYTES)));
    }
  }

  private static List<Long> baseOffsets(LogSlice slice) {
    List<Long> offsets = new ArrayList<>();
    for (ByteBuffer buffer : slice.buffers()) {
      ByteBuffer rest = buffer.duplicate();
      while (rest.hasRemaining()) {
        RecordBatch batch = RecordBatch.at(rest);
        batch.validate();
        offsets.add(batch.baseOffset());
        rest.position(rest.position() + batch.sizeInBytes());
      }
    }
    return offsets;
  }

  private List<String> segmentFiles() throws IOException {
    return disk.list(directory).stream()
        .map(path -> path.getFileName().toString())
        .filter(name -> name.endsWith(".log"))
        .toList();
  }

  @Test
  void rollsSegmentsAndReadsAcrossThem() throws IOException {
    try (PartitionLog log = open()) {
      fill(log, 25, 1);
      assertThat(segmentFiles()).hasSize(3);
      long offset = 0;
      List<Long> seen = new ArrayList<>();
      while (offset < log.logEndOffset()) {
        LogSlice slice = log.read(offset, 3_500, Long.MAX_VALUE);
        assertThat(slice.isEmpty()).isFalse();
        seen.addAll(baseOffsets(slice));
        offset = slice.nextOffset();
      }
      assertThat(seen).hasSize(25).isSorted().startsWith(0L, 10L).endsWith(240L);
    }
  }

  @Test
  void readsFromTheMiddleOfABatchAndNeverBeyondTheBound() throws IOException {
    try (PartitionLog log = open()) {
      fill(log, 9, 1);
      LogSlice slice = log.read(55, 1 << 20, 80);
      assertThat(baseOffsets(slice)).containsExactly(50L, 60L, 70L);
      assertThat(slice.nextOffset()).isEqualTo(80);
      assertThat(log.read(80, 1 << 20, 80).isEmpty()).isTrue();
    }
  }

  @Test
  void givesOneBatchEvenIfItIsAboveTheMaximum() throws IOException {
    try (PartitionLog log = open()) {
      fill(log, 3, 1);
      assertThat(baseOffsets(log.read(10, 1, Long.MAX_VALUE))).containsExactly(10L);
    }
  }

  @Test
  void comesBackAfterAClosing() throws IOException {
    try (PartitionLog log = open()) {
      fill(log, 12, 3);
      fill(log, 5, 4);
      log.noteHighWatermark(160);
    }
    List<Long> visited = new ArrayList<>();
    try (PartitionLog log =
        PartitionLog.open(
            disk, directory, SMALL, noCache, batch -> visited.add(batch.baseOffset()))) {
      assertThat(log.logEndOffset()).isEqualTo(170);
      assertThat(log.highWatermark()).isEqualTo(160);
      assertThat(log.epochs().toString()).isEqualTo("[3@0, 4@120]");
      assertThat(log.recoveryReport().truncated()).isFalse();
      assertThat(visited).hasSize(17);
    }
  }

  @Test
  void cutsATornTailAndSaysSo() throws IOException {
    PartitionLog log = open();
    fill(log, 4, 1);
    log.sync();
    log.abandon();
    try (RandomAccessFile file =
        new RandomAccessFile(directory.resolve(LogSegment.fileName(0)).toFile(), "rw")) {
      file.seek(3L * BATCH_BYTES + 500);
      file.write(77);
    }
    try (PartitionLog recovered = open()) {
      assertThat(recovered.logEndOffset()).isEqualTo(30);
      assertThat(recovered.recoveryReport().truncatedBytes()).isEqualTo(BATCH_BYTES);
      assertThat(recovered.recoveryReport().reason()).contains("CRC32C");
      fill(recovered, 1, 1);
    }
    try (PartitionLog again = open()) {
      assertThat(again.logEndOffset()).isEqualTo(40);
    }
  }

  @Test
  void cutsAfterAGapOrAFallingEpochOrHalfABatch() throws IOException {
    for (byte[] bad :
        List.of(
            TestBatches.at(50, 5, 1, 10).bytes().array(),
            TestBatches.at(20, 4, 1, 10).bytes().array(),
            new byte[30],
            new byte[300])) {
      Path own = temp.resolve("bad-" + bad.length + "-" + bad[7]);
      PartitionLog log = PartitionLog.open(disk, own, SMALL, noCache, batch -> {});
      fill(log, 2, 5);
      log.abandon();
      Path file = own.resolve(LogSegment.fileName(0));
      Files.write(file, bad, java.nio.file.StandardOpenOption.APPEND);
      try (PartitionLog recovered = PartitionLog.open(disk, own, SMALL, noCache, batch -> {})) {
        assertThat(recovered.logEndOffset()).isEqualTo(20);
        assertThat(recovered.recoveryReport().truncatedBytes()).isEqualTo(bad.length);
      }
      assertThat(Files.size(file)).isEqualTo(2L * BATCH_BYTES);
    }
  }

  @Test
  void refusesToCutWhatHadBeenDurable() throws IOException {
    try (PartitionLog log = open()) {
      fill(log, 12, 1);
    }
    Path file = directory.resolve(LogSegment.fileName(0));
    long before = Files.size(file);
    try (RandomAccessFile damaged = new RandomAccessFile(file.toFile(), "rw")) {
      damaged.seek(2L * BATCH_BYTES + 500);
      damaged.write(77);
    }
    assertThatThrownBy(this::open)
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining("120");
    assertThat(Files.size(file)).isEqualTo(before);
  }

  @Test
  void truncatesWithinASegmentAndAcrossSegmentsAndAtTheirBorder() throws IOException {
    for (long to : new long[] {230, 150, 100, 0}) {
      PartitionLog log = open();
      log.truncate(0, 1);
      fill(log, 25, 1);
      log.sync();
      log.truncate(to, 2);
      assertThat(log.logEndOffset()).isEqualTo(to);
      assertThat(log.sync()).isEqualTo(new LogEnd(to, 2));
      fill(log, 2, 7);
      log.sync();
      log.abandon();
      try (PartitionLog recovered = open()) {
        assertThat(recovered.logEndOffset()).isEqualTo(to + 20);
        assertThat(recovered.recoveryReport().truncated()).isFalse();
        assertThat(recovered.epochs().lastEpoch()).isEqualTo(7);
      }
    }
  }

  @Test
  void aTruncationIsDurableBeforeAnythingIsWrittenBehindIt() throws IOException {
    PartitionLog log = open();
    fill(log, 5, 1);
    log.sync();
    int forces = disk.forces();
    log.truncate(20, 1);
    assertThat(disk.forces()).isGreaterThan(forces);
    log.abandon();
  }

  @Test
  void goesOnAtAnotherOffsetAfterAReset() throws IOException {
    for (long to : new long[] {500, 40, 120}) {
      PartitionLog log = open();
      log.reset(0, 1);
      fill(log, 25, 1);
      log.sync();
      log.reset(to, 2);
      log.sync();
      log.abandon();
      PartitionLog recovered = open();
      assertThat(recovered.logStartOffset()).isEqualTo(to);
      assertThat(recovered.logEndOffset()).isEqualTo(to);
      fill(recovered, 1, 2);
      assertThat(baseOffsets(recovered.read(to, 100, Long.MAX_VALUE))).containsExactly(to);
      recovered.abandon();
    }
  }

  @Test
  void removesWholeSegmentsBelowTheLogStart() throws IOException {
    try (PartitionLog log = open()) {
      fill(log, 25, 1);
      log.advanceLogStart(115);
      assertThat(segmentFiles()).hasSize(2);
    }
    try (PartitionLog log = open()) {
      assertThat(log.logStartOffset()).isEqualTo(115);
      assertThat(baseOffsets(log.read(115, 100, Long.MAX_VALUE))).containsExactly(110L);
    }
  }

  @Test
  void findsByTime() throws IOException {
    try (PartitionLog log = open()) {
      for (int i = 0; i < 30; i++) {
        log.append(List.of(TestBatches.at(i * 10L, 2, PER_BATCH, PAYLOAD_BYTES, 1_000L + i * 10L)));
      }
      assertThat(log.find(0, 300)).contains(new TimestampOffset(1_000, 0, 2));
      assertThat(log.find(1_000 + 151, 300)).contains(new TimestampOffset(1_160, 160, 2));
      assertThat(log.find(1_290, 300)).contains(new TimestampOffset(1_290, 290, 2));
      assertThat(log.find(1_290, 290)).isEmpty();
      assertThat(log.find(1_291, 300)).isEmpty();
    }
  }

  @Test
  void leavesNoPartialWriteOnAFullDisk() throws IOException {
    PartitionLog log = open();
    fill(log, 2, 1);
    disk.bytesLeft(BATCH_BYTES / 2);
    assertThatThrownBy(() -> fill(log, 1, 1)).hasMessageContaining("No space");
    assertThat(Files.size(directory.resolve(LogSegment.fileName(0)))).isEqualTo(2L * BATCH_BYTES);
    log.abandon();
  }

  @Test
  void recoversWithoutACheckpointWhatTheBatchesTell() throws IOException {
    try (PartitionLog log = open()) {
      fill(log, 12, 3);
      fill(log, 5, 4);
    }
    Path checkpoint = directory.resolve("checkpoint");
    byte[] content = Files.readAllBytes(checkpoint);
    content[20] ^= 1;
    Files.write(checkpoint, content);
    try (PartitionLog log = open()) {
      assertThat(log.logEndOffset()).isEqualTo(170);
      assertThat(log.epochs().toString()).isEqualTo("[3@0, 4@120]");
    }
  }

  @Test
  void recoversThroughARollThatWasNotCheckpointed() throws IOException {
    PartitionLog log = open();
    fill(log, 15, 1);
    log.abandon();
    try (PartitionLog recovered = open()) {
      assertThat(recovered.logEndOffset()).isEqualTo(150);
    }
  }

  @Test
  void readsTheTailFromMemoryWithinTheBound() throws IOException {
    TailCache cache = new TailCache(3L * BATCH_BYTES);
    try (PartitionLog log = PartitionLog.open(disk, directory, SMALL, cache, batch -> {})) {
      fill(log, 8, 1);
      assertThat(cache.bytes()).isEqualTo(3L * BATCH_BYTES);
      assertThat(log.readCached(40, 1 << 20, 80)).isEmpty();
      LogSlice slice = log.readCached(55, 1 << 20, 70).orElseThrow();
      assertThat(baseOffsets(slice)).containsExactly(50L, 60L);
      log.truncate(60, 1);
      assertThat(cache.bytes()).isEqualTo(BATCH_BYTES);
      assertThat(log.readCached(60, 1 << 20, 80)).isEmpty();
      fill(log, 1, 2);
      assertThat(baseOffsets(log.readCached(50, 1 << 20, 70).orElseThrow()))
          .containsExactly(50L, 60L);
    }
    assertThat(cache.bytes()).isZero();
  }
}
