// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class RecordRoundTripTest {
  @Provide
  Arbitrary<List<TestRecord>> records() {
    return Arbitrarily.records();
  }

  @Property(tries = 150)
  void whatIsWrittenIsRead(
      @ForAll("records") List<TestRecord> records, @ForAll Compression compression) {
    RecordBatch batch = build(records, compression, Integer.MAX_VALUE);
    batch.validate();
    assertThat(read(batch)).isEqualTo(records);
    assertThat(batch.recordCount()).isEqualTo(records.size());
    assertThat(batch.maxTimestampMs())
        .isEqualTo(records.stream().mapToLong(TestRecord::timestampMs).max().getAsLong());
  }

  @Property(tries = 100)
  void aBatchNeverExceedsItsBoundAndHoldsWhatWasTaken(
      @ForAll("records") List<TestRecord> records,
      @ForAll Compression compression,
      @ForAll @IntRange(min = 61, max = 4000) int maxBytes) {
    RecordBatchBuilder builder = new RecordBatchBuilder(maxBytes, compression);
    List<TestRecord> taken = new ArrayList<>();
    for (TestRecord r : records) {
      int before = builder.uncompressedBytes();
      boolean appended = builder.append(r.timestampMs(), r.key(), r.value(), r.headers());
      int atMost = RecordBatchBuilder.maxSizeOf(r.key(), r.value(), r.headers());
      if (appended) {
        taken.add(r);
        assertThat(builder.uncompressedBytes() - before).isBetween(1, atMost);
      } else {
        assertThat(builder.uncompressedBytes()).isEqualTo(before);
        assertThat(before + atMost).isGreaterThan(maxBytes);
      }
    }
    if (!taken.isEmpty()) {
      RecordBatch batch = builder.build();
      assertThat(batch.sizeInBytes()).isLessThanOrEqualTo(maxBytes);
      assertThat(read(batch)).isEqualTo(taken);
    }
  }

  @Property(tries = 50)
  void aBatchUnderAnotherProducerIsTheSameBatch(
      @ForAll("records") List<TestRecord> records,
      @ForAll Compression compression,
      @ForAll @IntRange(min = 0) int sequence) {
    RecordBatch first = build(records, compression, Integer.MAX_VALUE);
    RecordBatch second = RecordBatchBuilder.withProducer(first, 77, (short) 3, sequence);
    second.validate();
    assertThat(second.producerId()).isEqualTo(77);
    assertThat(second.producerEpoch()).isEqualTo((short) 3);
    assertThat(second.baseSequence()).isEqualTo(sequence);
    assertThat(read(second)).isEqualTo(records);
    assertThat(first.producerId()).isEqualTo(RecordBatch.NO_PRODUCER_ID);
  }

  @Property(tries = 30)
  void batchesBehindEachOtherAreSplit(
      @ForAll("records") List<TestRecord> a,
      @ForAll("records") List<TestRecord> b,
      @ForAll Compression compression) {
    RecordBatch first = build(a, compression, Integer.MAX_VALUE);
    RecordBatch second = build(b, Compression.NONE, Integer.MAX_VALUE);
    second.assign(a.size(), 5);
    ByteBuffer both = ByteBuffer.allocate(first.sizeInBytes() + second.sizeInBytes() + 3);
    both.position(3);
    both.put(first.bytes()).put(second.bytes()).flip().position(3);
    List<Long> offsets = new ArrayList<>();
    List<TestRecord> all = new ArrayList<>();
    for (RecordBatch batch : RecordBatches.in(both)) {
      RecordReader.of(batch)
          .forEachRemaining(
              r -> {
                offsets.add(r.offset());
                all.add(TestRecord.of(r));
              });
    }
    List<TestRecord> expected = new ArrayList<>(a);
    expected.addAll(b);
    assertThat(all).isEqualTo(expected);
    for (int i = 0; i < offsets.size(); i++) {
      assertThat(offsets.get(i)).isEqualTo(i);
    }
    assertThat(both.position()).isEqualTo(3);
  }

  static RecordBatch build(List<TestRecord> records, Compression compression, int maxBytes) {
    RecordBatchBuilder builder = new RecordBatchBuilder(maxBytes, compression);
    for (TestRecord r : records) {
      assertThat(builder.append(r.timestampMs(), r.key(), r.value(), r.headers())).isTrue();
    }
    return builder.build();
  }

  static List<TestRecord> read(RecordBatch batch) {
    List<TestRecord> records = new ArrayList<>();
    RecordReader.of(batch).forEachRemaining(r -> records.add(TestRecord.of(r)));
    return records;
  }
}
