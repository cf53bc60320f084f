// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xerial.snappy.Snappy;

/** Whatever the bytes are: CORRUPT_MESSAGE, no other failure, and no memory beyond the bound. */
class CorruptionTest {
  private static final int MAX_BYTES = 1 << 20;

  @Provide
  Arbitrary<List<TestRecord>> records() {
    return Arbitrarily.records();
  }

  @Property(tries = 300)
  void damageIsFoundByTheChecksum(
      @ForAll("records") List<TestRecord> records,
      @ForAll Compression compression,
      @ForAll Random random) {
    ByteBuffer bytes = copy(RecordRoundTripTest.build(records, compression, MAX_BYTES));
    int at = 16 + random.nextInt(bytes.limit() - 16);
    bytes.put(at, (byte) (bytes.get(at) ^ (1 << random.nextInt(8))));
    assertCorrupt(catchThrowable(() -> readAll(bytes)));
  }

  @Property(tries = 600)
  void damageUnderAGoodChecksumIsCorruptOrReadable(
      @ForAll("records") List<TestRecord> records,
      @ForAll Compression compression,
      @ForAll Random random) {
    ByteBuffer bytes = copy(RecordRoundTripTest.build(records, compression, MAX_BYTES));
    int hits = 1 + random.nextInt(8);
    for (int i = 0; i < hits; i++) {
      int at = 21 + random.nextInt(bytes.limit() - 21);
      bytes.put(at, (byte) random.nextInt());
    }
    repairChecksum(bytes);
    Throwable thrown = catchThrowable(() -> readAll(bytes));
    if (thrown != null) {
      assertCorrupt(thrown);
    }
  }

  @Property(tries = 200)
  void noiseIsCorrupt(@ForAll byte[] noise, @ForAll Compression compression) {
    ByteBuffer bytes = batchAround(ByteBuffer.wrap(noise), compression, 3);
    assertCorrupt(catchThrowable(() -> readAll(bytes)));
    assertCorrupt(catchThrowable(() -> RecordBatch.at(ByteBuffer.wrap(noise)).validate()));
  }

  @Property(tries = 100)
  void aBatchThatEndsEarlyIsCorrupt(
      @ForAll("records") List<TestRecord> records,
      @ForAll Compression compression,
      @ForAll Random random) {
    ByteBuffer bytes = copy(RecordRoundTripTest.build(records, compression, MAX_BYTES));
    bytes.limit(1 + random.nextInt(bytes.limit() - 1));
    assertCorrupt(catchThrowable(() -> RecordBatches.in(bytes).iterator().next()));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void whatBecomesLargerThanAllowedIsCorrupt(Compression compression) {
    RecordBatchBuilder builder = new RecordBatchBuilder(1 << 24, compression);
    builder.appendBytes(0, null, new byte[8 << 20], List.of());
    RecordBatch bomb = builder.build();
    assertThat(bomb.sizeInBytes()).isLessThan(1 << 20);
    assertThat(RecordReader.of(bomb).next().value()).isEqualTo(ByteBuffer.allocate(8 << 20));
    assertCorrupt(catchThrowable(() -> RecordReader.of(bomb, 1 << 20)));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void exactlyTheAllowedSizeIsRead(Compression compression) {
    RecordBatchBuilder builder = new RecordBatchBuilder(1 << 20, compression);
    builder.appendBytes(0, null, new byte[100_000], List.of());
    int size = builder.uncompressedBytes() - RecordBatch.HEADER_BYTES;
    RecordBatch batch = builder.build();
    assertThat(RecordReader.of(batch, size).next().value()).isEqualTo(ByteBuffer.allocate(100_000));
    assertCorrupt(catchThrowable(() -> RecordReader.of(batch, size - 1)));
  }

  @Test
  void aSnappyBlockWithoutFrameIsRead() throws Exception {
    RecordBatchBuilder builder = new RecordBatchBuilder(1 << 20, Compression.NONE);
    builder.appendBytes(
        5, null, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".getBytes(StandardCharsets.UTF_8), List.of());
    ByteBuffer plain = builder.build().recordBytes();
    byte[] bytes = new byte[plain.remaining()];
    plain.get(bytes);
    ByteBuffer batch = batchAround(ByteBuffer.wrap(Snappy.compress(bytes)), Compression.SNAPPY, 1);
    assertThat(RecordReader.of(RecordBatch.at(batch)).hasNext()).isTrue();
  }

  private static void readAll(ByteBuffer bytes) {
    for (RecordBatch batch : RecordBatches.in(bytes)) {
      batch.validate();
      RecordReader.of(batch, MAX_BYTES).forEachRemaining(r -> assertThat(r).isNotNull());
    }
  }

  private static void assertCorrupt(Throwable thrown) {
    assertThat(thrown).isInstanceOf(JangadaException.class);
    assertThat(((JangadaException) thrown).code()).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
    assertThat(thrown).hasMessageContaining("expected").hasMessageContaining("but");
  }

  private static ByteBuffer copy(RecordBatch batch) {
    ByteBuffer copy = ByteBuffer.allocate(batch.sizeInBytes());
    copy.put(batch.bytes());
    return copy.flip();
  }

  /** A batch whose header is right and whose records are these bytes. */
  private static ByteBuffer batchAround(ByteBuffer records, Compression compression, int count) {
    int size = RecordBatch.HEADER_BYTES + records.remaining();
    ByteBuffer bytes = ByteBuffer.allocate(size);
    bytes
        .putInt(8, size - RecordBatch.LOG_OVERHEAD_BYTES)
        .put(16, RecordBatch.MAGIC)
        .putShort(21, (short) compression.id())
        .putInt(23, count - 1)
        .putInt(57, count);
    bytes.put(RecordBatch.HEADER_BYTES, records, records.position(), records.remaining());
    repairChecksum(bytes);
    return bytes;
  }

  private static void repairChecksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(21, bytes.limit() - 21));
    bytes.putInt(17, (int) crc.getValue());
  }
}
