// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.record.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProducerStatesTest {
  private static final long PRODUCER = 7;
  private final ProducerStates states = new ProducerStates();
  private long nextOffset = 100;

  @Test
  void aProducerOfWhichNothingIsKnownMayBeginAnywhere() {
    assertThat(check(0, 4711, 1)).isEqualTo(ProducerStates.NEW);
  }

  @Test
  void theNextSequenceIsNewAndAGapIsNot() {
    append(0, 0, 3);
    assertThat(check(0, 3, 1)).isEqualTo(ProducerStates.NEW);
    assertThat(check(0, 4, 1)).isEqualTo(ProducerStates.OUT_OF_ORDER);
  }

  @Test
  void theLastFiveBatchesAreAnsweredWithTheirOffset() {
    for (int i = 0; i < 7; i++) {
      append(0, i * 2, 2);
    }
    assertThat(check(0, 12, 2)).isEqualTo(112);
    assertThat(check(0, 4, 2)).isEqualTo(104);
    assertThat(check(0, 4, 1)).isEqualTo(ProducerStates.OUT_OF_ORDER);
  }

  @Test
  void whatIsKeptForTruncationAloneIsNoAnswer() {
    for (int i = 0; i < 7; i++) {
      append(0, i * 2, 2);
    }
    assertThat(remembered(states)).hasSize(7);
    assertThat(check(0, 2, 2)).isEqualTo(ProducerStates.FORGOTTEN_DUPLICATE);
  }

  @Test
  void aRepeatedBatchHasTheTimeOfTheFirst() {
    append(0, 0, 2);
    append(0, 2, 1);
    RecordBatch again = batch(0, 0, 2);
    assertThat(states.timestampOf(again)).isEqualTo(again.maxTimestampMs());
    assertThat(states.timestampOf(batch(0, 9, 1))).isEqualTo(RecordBatch.NO_TIMESTAMP);
  }

  @Test
  void sequencesWrapFromTheLargestIntToZero() {
    append(0, Integer.MAX_VALUE - 1, 2);
    assertThat(check(0, 0, 1)).isEqualTo(ProducerStates.NEW);
    append(0, 0, 1);
    states.clear();
    append(0, Integer.MAX_VALUE, 3);
    assertThat(check(0, 2, 1)).isEqualTo(ProducerStates.NEW);
    assertThat(check(0, Integer.MAX_VALUE, 3)).isEqualTo(101 + 2);
  }

  @Test
  void aNewEpochBeginsAtZeroAndFencesTheOld() {
    append(3, 0, 1);
    assertThat(check(4, 1, 1)).isEqualTo(ProducerStates.OUT_OF_ORDER);
    assertThat(check(4, 0, 1)).isEqualTo(ProducerStates.NEW);
    append(4, 0, 1);
    assertThat(check(3, 1, 1)).isEqualTo(ProducerStates.STALE_EPOCH);
  }

  @Test
  void truncationBringsBackWhatWasBefore() {
    for (int i = 0; i < 20; i++) {
      append(0, i, 1);
    }
    states.truncateFrom(110);
    assertThat(check(0, 10, 1)).isEqualTo(ProducerStates.NEW);
    assertThat(check(0, 9, 1)).isEqualTo(109);
    assertThat(check(0, 5, 1)).isEqualTo(105);
    states.truncateFrom(100);
    assertThat(states.size()).isZero();
  }

  @Test
  void whatNoTruncationCanReachIsForgotten() {
    for (int i = 0; i < 20; i++) {
      RecordBatch batch = batch(0, i, 1);
      batch.assign(nextOffset++, 1);
      states.appended(batch, nextOffset, 0);
    }
    assertThat(remembered(states)).hasSize(ProducerHistory.REMEMBERED);
  }

  @Test
  void memoryIsBoundedWhileTheHighWatermarkStandsStill() {
    for (int i = 0; i < 1000; i++) {
      append(0, i, 1);
    }
    assertThat(remembered(states)).hasSize(ProducerHistory.MAX_KEPT);
    assertThat(check(0, 3, 1)).isEqualTo(ProducerStates.FORGOTTEN_DUPLICATE);
  }

  @Test
  void aSnapshotRestoresTheSame() {
    append(0, 0, 3);
    append(1, 0, 2);
    ProducerStates restored = new ProducerStates();
    states.forEach(
        (id, epoch, base, last, baseOffset, lastOffset) ->
            restored.restore(id, epoch, base, last, baseOffset, lastOffset, 0, 0));
    assertThat(remembered(restored)).isEqualTo(remembered(states));
  }

  @Test
  void producersAreShownWithTheirLastBatch() {
    append(3, 0, 2);
    append(3, 2, 1);
    List<String> shown = new ArrayList<>();
    states.forEachProducer(
        (id, epoch, sequence, timestampMs) ->
            shown.add(id + " " + epoch + " " + sequence + " " + timestampMs));
    assertThat(shown).containsExactly(PRODUCER + " 3 2 " + batch(3, 2, 1).maxTimestampMs());

    states.truncateFrom(nextOffset - 1);
    shown.clear();
    states.forEachProducer(
        (id, epoch, sequence, timestampMs) ->
            shown.add(epoch + " " + sequence + " " + timestampMs));
    assertThat(shown).containsExactly("3 1 " + batch(3, 0, 2).maxTimestampMs());
  }

  @Test
  void idleProducersExpire() {
    append(0, 0, 1);
    states.expire(0);
    assertThat(states.knows(PRODUCER)).isTrue();
    states.expire(1);
    assertThat(states.knows(PRODUCER)).isFalse();
  }

  private long check(int epoch, int sequence, int records) {
    return states.check(batch(epoch, sequence, records));
  }

  private void append(int epoch, int sequence, int records) {
    RecordBatch batch = batch(epoch, sequence, records);
    batch.assign(nextOffset, 1);
    nextOffset += records;
    states.appended(batch, 0, 0);
  }

  private static RecordBatch batch(int epoch, int sequence, int records) {
    return TestBatches.batch(records, PRODUCER, (short) epoch, sequence);
  }

  private static List<String> remembered(ProducerStates states) {
    List<String> all = new ArrayList<>();
    states.forEach(
        (id, epoch, base, last, baseOffset, lastOffset) ->
            all.add(id + " " + epoch + " " + base + " " + last + " " + baseOffset + lastOffset));
    return all;
  }
}
