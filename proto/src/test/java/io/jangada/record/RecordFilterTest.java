// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.common.JangadaException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What compaction leaves of a batch, read by our reader and by Kafka's. */
class RecordFilterTest {
  private static final int MAX_BYTES = 1 << 20;
  private final RecordFilter filter = new RecordFilter(MAX_BYTES);

  private static RecordBatch batch(Compression compression) {
    RecordBatchBuilder builder = new RecordBatchBuilder(MAX_BYTES, compression);
    for (int i = 0; i < 10; i++) {
      ByteBuffer value = i == 7 ? null : bytes("value-" + i + "x".repeat(200));
      builder.append(
          1_000 + 10 * i, bytes("key-" + i), value, List.of(new RecordHeader("h", bytes("1"))));
    }
    RecordBatch batch = builder.build(42, (short) 3, 100);
    batch.assign(500, 6);
    return batch;
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void whatStaysIsAsItWas(Compression compression) {
    RecordBatch batch = batch(compression);
    RecordBatch left =
        filter.filter(batch, record -> record.offset() % 2 == 1, RecordFilter.NO_HORIZON);
    left.validate();
    assertThatThrownBy(left::validateProduced).isInstanceOf(JangadaException.class);
    assertThat(left.baseOffset()).isEqualTo(500);
    assertThat(left.nextOffset()).isEqualTo(510);
    assertThat(left.partitionLeaderEpoch()).isEqualTo(6);
    assertThat(left.producerId()).isEqualTo(42);
    assertThat(left.lastSequence()).isEqualTo(109);
    assertThat(left.maxTimestampMs()).isEqualTo(1_090);
    assertThat(offsets(left)).containsExactly(501L, 503L, 505L, 507L, 509L);
    assertSameAsKafka(left);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void aDeleteHorizonIsNotedOnceAndTimestampsStay(Compression compression) {
    RecordBatch noted = filter.filter(batch(compression), record -> true, 99_000);
    noted.validate();
    assertThat(noted.hasDeleteHorizon()).isTrue();
    assertThat(noted.baseTimestampMs()).isEqualTo(99_000);
    assertThat(filter.filter(noted, record -> true, 100_000)).isSameAs(noted);
    assertSameAsKafka(noted);
    org.apache.kafka.common.record.internal.RecordBatch kafkas = kafkas(noted);
    assertThat(kafkas.deleteHorizonMs()).hasValue(99_000);
    RecordReader reader = RecordReader.of(noted);
    for (int i = 0; reader.hasNext(); i++) {
      assertThat(reader.next().timestampMs()).isEqualTo(1_000 + 10 * i);
    }
  }

  @Test
  void aBatchThatLosesNothingIsTheSame() {
    RecordBatch batch = batch(Compression.NONE);
    assertThat(filter.filter(batch, record -> true, RecordFilter.NO_HORIZON)).isSameAs(batch);
    assertThat(filter.filter(batch, record -> !record.isTombstone(), 99_000).hasDeleteHorizon())
        .isFalse();
  }

  @Test
  void aBatchThatLosesAllKeepsItsSequence() {
    RecordBatch left =
        filter.filter(batch(Compression.LZ4), record -> false, RecordFilter.NO_HORIZON);
    left.validate();
    assertThat(left.sizeInBytes()).isEqualTo(RecordBatch.HEADER_BYTES);
    assertThat(left.lastSequence()).isEqualTo(109);
    assertThat(left.isVacant()).isFalse();
    assertSameAsKafka(left);
  }

  @Test
  void aVacantBatchStandsForItsOffsets() {
    RecordBatch vacant = RecordBatch.vacant(10, 1_000_009, 3, 77);
    vacant.validate();
    assertThat(vacant.isVacant()).isTrue();
    assertSameAsKafka(vacant);
    RecordBatch rest = vacant.vacantFrom(500);
    rest.validate();
    assertThat(rest.baseOffset()).isEqualTo(500);
    assertThat(rest.nextOffset()).isEqualTo(1_000_010);
    assertThat(rest.partitionLeaderEpoch()).isEqualTo(3);
    assertThat(rest.maxTimestampMs()).isEqualTo(77);
  }

  private static org.apache.kafka.common.record.internal.RecordBatch kafkas(RecordBatch batch) {
    return MemoryRecords.readableRecords(batch.bytes()).batches().iterator().next();
  }

  private static void assertSameAsKafka(RecordBatch batch) {
    org.apache.kafka.common.record.internal.RecordBatch theirs = kafkas(batch);
    theirs.ensureValid();
    assertThat(theirs.baseOffset()).isEqualTo(batch.baseOffset());
    assertThat(theirs.nextOffset()).isEqualTo(batch.nextOffset());
    assertThat(theirs.lastSequence()).isEqualTo(batch.lastSequence());
    assertThat(theirs.maxTimestamp()).isEqualTo(batch.maxTimestampMs());
    List<String> kafkas = new ArrayList<>();
    for (Record record : theirs) {
      kafkas.add(
          record.offset()
              + " "
              + record.timestamp()
              + " "
              + text(record.key())
              + " "
              + text(record.value()));
    }
    List<String> ours = new ArrayList<>();
    RecordReader reader = RecordReader.of(batch);
    while (reader.hasNext()) {
      DecodedRecord record = reader.next();
      ours.add(
          record.offset()
              + " "
              + record.timestampMs()
              + " "
              + text(record.key())
              + " "
              + text(record.value()));
    }
    assertThat(ours).isEqualTo(kafkas);
  }

  private static List<Long> offsets(RecordBatch batch) {
    List<Long> offsets = new ArrayList<>();
    RecordReader.of(batch).forEachRemaining(record -> offsets.add(record.offset()));
    return offsets;
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(ByteBuffer bytes) {
    return bytes == null ? "-" : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }
}
