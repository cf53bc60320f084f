// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.client.ProducerRecord;
import io.jangada.client.RecordMetadata;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.record.Compression;
import io.jangada.record.RecordBatchBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One event at a time. */
class PartitionSenderTest implements PartitionSender.Outbox {
  private static final TopicPartition T0 = new TopicPartition("t", 0);
  private static final long LATER = 10_000_000_000L;

  private final PartitionSender sender = new PartitionSender(T0, true, 5, this);
  private final List<String> events = new ArrayList<>();
  private long now = 1;

  @BeforeEach
  void identify() {
    assertThat(sender.needsIdentity()).isTrue();
    sender.identify(new ProducerIdentity(7, (short) 0));
  }

  @Test
  void nothingIsPipelinedBeforeTheFirstAnswer() {
    ProducerBatch a = send(2);
    assertThat(sender.maySend(now)).isFalse();
    sender.written(a, 100, -1);
    send(1);
    send(1);
    send(1);
    send(1);
    assertThat(sender.maySend(now)).isTrue();
    send(1);
    assertThat(sender.maySend(now)).isFalse();
    assertThat(events).containsExactly("written 100");
  }

  @Test
  void afterARefusalEverythingIsAnsweredBeforeItGoesAgainInOrderUnderItsNumbers() {
    confirm();
    ProducerBatch b = send(3);
    ProducerBatch c = send(2);
    ProducerBatch d = send(1);
    refuse(b, ErrorCode.OVERLOADED);
    assertThat(sender.maySend(now + LATER)).isFalse();
    refuse(c, ErrorCode.OUT_OF_ORDER_SEQUENCE);
    refuse(d, ErrorCode.OUT_OF_ORDER_SEQUENCE);
    assertThat(sender.maySend(now)).as("backing off").isFalse();
    now += LATER;
    assertThat(resend()).isSameAs(b);
    assertThat(resend()).isSameAs(c);
    assertThat(resend()).isSameAs(d);
    assertThat(numbers(b)).isEqualTo("7/0/1");
    assertThat(numbers(c)).isEqualTo("7/0/4");
    assertThat(numbers(d)).isEqualTo("7/0/6");
  }

  @Test
  void anOldLeadersBatchGoesAtOnceWhenTheLeaderIsKnown() {
    confirm();
    ProducerBatch b = send(1);
    refuse(b, ErrorCode.NOT_LEADER);
    assertThat(sender.maySend(now)).isFalse();
    sender.tryAgainNow();
    assertThat(resend()).isSameAs(b);
  }

  @Test
  void aGapThatIsNoneKeepsTheNumbers() {
    confirm();
    ProducerBatch b = send(1);
    ProducerBatch c = send(1);
    lose(b);
    lose(c);
    now += LATER;
    expire(b);
    assertThat(resend()).isSameAs(c);
    assertThat(sender.maySend(now)).as("alone over the gap").isFalse();
    sender.written(c, 2, -1);
    send(1);
    assertThat(sender.maySend(now)).isTrue();
    assertThat(numbers(c)).isEqualTo("7/0/2");
    assertThat(events)
        .containsExactly("written 0", "given up REQUEST_TIMED_OUT indefinite", "written 2");
  }

  @Test
  void aGapThatIsOneRenumbersUnderTheNextEpoch() {
    confirm();
    ProducerBatch b = send(1);
    ProducerBatch c = send(2);
    ProducerBatch d = send(1);
    lose(b);
    lose(c);
    lose(d);
    now += LATER;
    expire(b);
    assertThat(resend()).isSameAs(c);
    refuse(c, ErrorCode.OUT_OF_ORDER_SEQUENCE);
    now += LATER;
    assertThat(resend()).isSameAs(c);
    assertThat(numbers(c)).isEqualTo("7/1/0");
    assertThat(sender.maySend(now)).as("first of an epoch").isFalse();
    sender.written(c, 1, -1);
    assertThat(resend()).isSameAs(d);
    assertThat(numbers(d)).isEqualTo("7/1/2");
  }

  @Test
  void aBatchRefusedForGoodLeavesAGapBehindThoseInFlight() {
    ProducerBatch a = confirm();
    ProducerBatch b = send(1);
    ProducerBatch c = send(1);
    ProducerBatch d = send(1);
    refuse(c, ErrorCode.MESSAGE_TOO_LARGE);
    sender.written(b, 1, -1); // before the gap: says nothing about it
    refuse(d, ErrorCode.OUT_OF_ORDER_SEQUENCE);
    now += LATER;
    assertThat(resend()).isSameAs(d);
    assertThat(numbers(d)).isEqualTo("7/1/0");
    assertThat(a.answeredFor()).isTrue();
    assertThat(events)
        .containsExactly("written 0", "given up MESSAGE_TOO_LARGE definite", "written 1");
  }

  @Test
  void aBrokerThatForgotCannotMakeUsRepeatWhatIsInDoubt() {
    confirm();
    ProducerBatch b = send(1);
    ProducerBatch c = send(1);
    lose(b);
    sender.refused(c, new JangadaException(ErrorCode.NOT_LEADER, "expected"), now);
    now += LATER;
    resend();
    resend();
    refuse(b, ErrorCode.UNKNOWN_PRODUCER_ID);
    refuse(c, ErrorCode.UNKNOWN_PRODUCER_ID);
    now += LATER;
    assertThat(resend()).as("was never in doubt").isSameAs(c);
    assertThat(numbers(c)).isEqualTo("7/1/0");
    assertThat(events).containsExactly("written 0", "given up UNKNOWN_PRODUCER_ID indefinite");
  }

  @Test
  void whatIsRememberedNoLongerIsWritten() {
    confirm();
    ProducerBatch b = send(1);
    refuse(b, ErrorCode.DUPLICATE_SEQUENCE);
    assertThat(events).containsExactly("written 0", "written -1");
    assertThat(sender.idle()).isTrue();
  }

  @Test
  void whatExpiresInFlightIsReportedOnceAndKeepsItsPlace() {
    confirm();
    ProducerBatch b = send(1);
    now += LATER;
    expire(b);
    assertThat(events).last().isEqualTo("given up REQUEST_TIMED_OUT indefinite");
    assertThat(sender.idle()).isFalse();
    sender.written(b, 1, -1);
    assertThat(events).hasSize(2);
    ProducerBatch c = send(1);
    assertThat(numbers(c)).isEqualTo("7/0/2");
  }

  @Test
  void theLastEpochIsFollowedByAnotherIdentity() {
    sender.identify(new ProducerIdentity(7, Short.MAX_VALUE));
    confirm();
    ProducerBatch b = send(1);
    refuse(b, ErrorCode.OUT_OF_ORDER_SEQUENCE);
    assertThat(sender.needsIdentity()).isTrue();
    assertThat(sender.maySend(now + LATER)).isFalse();
    sender.identify(new ProducerIdentity(8, (short) 0));
    assertThat(numbers(b)).isEqualTo("8/0/0");
  }

  private ProducerBatch confirm() {
    ProducerBatch first = send(1);
    sender.written(first, 0, -1);
    return first;
  }

  private ProducerBatch send(int records) {
    ProducerBatch batch =
        new ProducerBatch(
            T0, new RecordBatchBuilder(1000, Compression.NONE), now++, ProducerRecord.ANY_OFFSET);
    for (int i = 0; i < records; i++) {
      assertThat(
              batch.tryAppend(
                  ProducerRecord.of("t", null, new byte[1]), 1, 1, this::recordAnswered))
          .isTrue();
    }
    assertThat(sender.maySend(now)).isTrue();
    assertThat(sender.nextAgain()).isNull();
    sender.take(batch);
    sender.sent(batch);
    return batch;
  }

  private void recordAnswered(@Nullable RecordMetadata metadata, @Nullable JangadaException error) {
    assertThat(metadata == null).isNotEqualTo(error == null);
  }

  private ProducerBatch resend() {
    assertThat(sender.maySend(now)).isTrue();
    ProducerBatch batch = sender.nextAgain();
    if (batch == null) {
      throw new AssertionError("nothing to send again");
    }
    sender.sent(batch);
    return batch;
  }

  private void refuse(ProducerBatch batch, ErrorCode code) {
    sender.refused(batch, new JangadaException(code, "expected otherwise"), now);
  }

  private void lose(ProducerBatch batch) {
    refuse(batch, ErrorCode.NETWORK_ERROR);
  }

  /** Expires this batch and what is older, nothing younger. */
  private void expire(ProducerBatch batch) {
    sender.expire(now, now - batch.createdNanos);
  }

  private static String numbers(ProducerBatch batch) {
    return batch.content().producerId()
        + "/"
        + batch.content().producerEpoch()
        + "/"
        + batch.content().baseSequence();
  }

  @Override
  public void written(ProducerBatch batch, long baseOffset, long logAppendTimeMs) {
    events.add("written " + baseOffset);
    batch.succeed(baseOffset, logAppendTimeMs);
  }

  @Override
  public void givenUp(ProducerBatch batch, JangadaException error) {
    events.add("given up " + error.code() + (error.definite() ? " definite" : " indefinite"));
    batch.fail(error);
  }
}
