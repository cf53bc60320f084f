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
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/** Kafka's own classes read what we write, and we read what they write. */
class KafkaCompatibilityTest {
  @Provide
  Arbitrary<List<TestRecord>> records() {
    return Arbitrarily.records();
  }

  @Property(tries = 100)
  void kafkaReadsOurs(
      @ForAll("records") List<TestRecord> records, @ForAll Compression compression) {
    RecordBatchBuilder builder = new RecordBatchBuilder(Integer.MAX_VALUE, compression);
    for (TestRecord r : records) {
      builder.append(r.timestampMs(), r.key(), r.value(), r.headers());
    }
    RecordBatch ours = builder.build(42, (short) 7, 1000);
    ours.assign(5_000_000_000L, 9);

    MutableRecordBatch kafkas =
        MemoryRecords.readableRecords(ours.bytes()).batches().iterator().next();
    kafkas.ensureValid();
    assertThat(kafkas.compressionType().id).isEqualTo((byte) ours.compression().id());
    assertThat(kafkas.baseOffset()).isEqualTo(5_000_000_000L);
    assertThat(kafkas.lastOffset()).isEqualTo(ours.lastOffset());
    assertThat(kafkas.partitionLeaderEpoch()).isEqualTo(9);
    assertThat(kafkas.producerId()).isEqualTo(42);
    assertThat(kafkas.producerEpoch()).isEqualTo((short) 7);
    assertThat(kafkas.baseSequence()).isEqualTo(1000);
    assertThat(kafkas.lastSequence()).isEqualTo(ours.lastSequence());
    assertThat(kafkas.maxTimestamp()).isEqualTo(ours.maxTimestampMs());
    List<TestRecord> read = new ArrayList<>();
    for (Record r : kafkas) {
      assertThat(r.offset()).isEqualTo(5_000_000_000L + read.size());
      read.add(new TestRecord(r.timestamp(), r.key(), r.value(), fromKafka(r.headers())));
    }
    assertThat(read).isEqualTo(records);
  }

  @Property(tries = 100)
  void weReadKafkas(@ForAll("records") List<TestRecord> records, @ForAll Compression compression) {
    org.apache.kafka.common.compress.Compression.Builder<?> how =
        org.apache.kafka.common.compress.Compression.of(CompressionType.forId(compression.id()));
    MemoryRecordsBuilder builder =
        MemoryRecords.builder(
            ByteBuffer.allocate(1024), how.build(), TimestampType.CREATE_TIME, 0L);
    for (TestRecord r : records) {
      builder.append(r.timestampMs(), r.key(), r.value(), toKafka(r.headers()));
    }
    builder.setProducerState(42, (short) 7, 1000, false);
    RecordBatch batch = RecordBatch.at(builder.build().buffer());
    batch.validate();
    assertThat(batch.compression()).isEqualTo(compression);
    assertThat(batch.producerId()).isEqualTo(42);
    assertThat(RecordRoundTripTest.read(batch)).isEqualTo(records);
  }

  private static List<RecordHeader> fromKafka(Header[] headers) {
    List<RecordHeader> out = new ArrayList<>();
    for (Header header : headers) {
      out.add(new RecordHeader(header.key(), wrap(header.value())));
    }
    return out;
  }

  private static Header[] toKafka(List<RecordHeader> headers) {
    RecordHeaders out = new RecordHeaders();
    for (RecordHeader header : headers) {
      out.add(header.key(), array(header.value()));
    }
    return out.toArray();
  }

  private static @Nullable ByteBuffer wrap(byte @Nullable [] bytes) {
    return bytes == null ? null : ByteBuffer.wrap(bytes);
  }

  private static byte @Nullable [] array(@Nullable ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return bytes;
  }
}
