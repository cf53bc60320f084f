// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import static io.jangada.client.ProducerTest.bytes;
import static io.jangada.client.ProducerTest.failure;
import static io.jangada.client.ProducerTest.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.client.fake.Behaviour;
import io.jangada.client.fake.FakeCluster;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Appends on condition that the log ends at an offset (REPLICATION.md, rule 26). */
@Timeout(30)
class ConditionalAppendTest {
  private static final TopicPartition T0 = new TopicPartition("t", 0);

  private final FakeCluster cluster = new FakeCluster(1);
  private final JangadaClient client = JangadaClient.connect(cluster.config());

  @BeforeEach
  void create() {
    cluster.createTopic("t", 1);
  }

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  private static ProducerRecord at(long offset, String value) {
    return ProducerRecord.of("t", 0, null, bytes(value)).withExpectedOffset(offset);
  }

  private static ProducerConfig lingering() {
    return ProducerConfig.defaults().withBatching(1 << 16, Duration.ofMillis(200));
  }

  @Test
  void aRecordGetsTheOffsetThatItExpectsOrIsNotWritten() throws Exception {
    try (Producer producer = client.producer(ProducerConfig.defaults())) {
      assertThat(get(producer.send(at(0, "a"))).offset()).isZero();
      JangadaException refused = failure(producer.send(at(0, "late")));
      assertThat(refused)
          .isInstanceOfSatisfying(
              UnexpectedOffsetException.class,
              unexpected -> {
                assertThat(unexpected.expectedOffset()).isZero();
                assertThat(unexpected.logEndOffset()).isEqualTo(1);
              })
          .hasMessage("expected the log to end at offset 0, but it ends at 1");
      assertThat(refused.code()).isEqualTo(ErrorCode.UNEXPECTED_OFFSET);
      assertThat(refused.definite()).isTrue();
      // A refusal leaves a number out; what comes next is written all the same.
      assertThat(get(producer.send(at(1, "b"))).offset()).isEqualTo(1);
      assertThat(get(producer.send(ProducerRecord.of("t", 0, null, bytes("c")))).offset())
          .isEqualTo(2);
    }
    assertThat(cluster.values(T0)).containsExactly("a", "b", "c");
  }

  @Test
  void recordsThatFollowEachOtherAreWrittenTogetherOrNotAtAll() throws Exception {
    try (Producer producer = client.producer(lingering())) {
      List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        sent.add(producer.send(at(i, "v" + i)));
      }
      for (int i = 0; i < 10; i++) {
        assertThat(get(sent.get(i)).offset()).isEqualTo(i);
      }
      CompletableFuture<RecordMetadata> first = producer.send(at(9, "x"));
      CompletableFuture<RecordMetadata> second = producer.send(at(10, "y"));
      assertThat(((UnexpectedOffsetException) failure(first)).expectedOffset()).isEqualTo(9);
      assertThat(failure(second).code()).isEqualTo(ErrorCode.UNEXPECTED_OFFSET);
    }
    assertThat(cluster.values(T0)).hasSize(10);
  }

  @Test
  void whatHasNoConditionDoesNotShareTheFateOfWhatHas() throws Exception {
    try (Producer producer = client.producer(lingering())) {
      CompletableFuture<RecordMetadata> before =
          producer.send(ProducerRecord.of("t", 0, null, bytes("before")));
      CompletableFuture<RecordMetadata> conditional = producer.send(at(7, "conditional"));
      CompletableFuture<RecordMetadata> after =
          producer.send(ProducerRecord.of("t", 0, null, bytes("after")));
      assertThat(get(before).offset()).isZero();
      assertThat(failure(conditional).code()).isEqualTo(ErrorCode.UNEXPECTED_OFFSET);
      assertThat(get(after).offset()).isEqualTo(1);
    }
    assertThat(cluster.values(T0)).containsExactly("before", "after");
  }

  @Test
  void anAnswerThatIsLostIsAskedForAgainAndIsTheFirstOnes() throws Exception {
    try (Producer producer = client.producer(ProducerConfig.defaults())) {
      cluster.script(T0, Behaviour.breakStream(true));
      assertThat(get(producer.send(at(0, "once"))).offset()).isZero();
      cluster.script(T0, Behaviour.appendButSay(ErrorCode.REQUEST_TIMED_OUT));
      assertThat(get(producer.send(at(1, "twice"))).offset()).isEqualTo(1);
      cluster.script(T0, Behaviour.breakStream(false));
      assertThat(get(producer.send(at(2, "thrice"))).offset()).isEqualTo(2);
      // The broker knows only that it has the batch: where is what the condition says.
      cluster.script(T0, Behaviour.appendButSay(ErrorCode.DUPLICATE_SEQUENCE));
      assertThat(get(producer.send(at(3, "again"))).offset()).isEqualTo(3);
    }
    assertThat(cluster.values(T0)).containsExactly("once", "twice", "thrice", "again");
  }

  @Test
  void withoutIdempotenceALostAnswerLeavesItOpenWhoseRecordItIs() throws Exception {
    try (Producer producer = client.producer(ProducerConfig.defaults().withIdempotent(false))) {
      cluster.script(T0, Behaviour.breakStream(true));
      JangadaException doubtful = failure(producer.send(at(0, "once")));
      assertThat(doubtful)
          .isInstanceOfSatisfying(
              UnexpectedOffsetException.class,
              unexpected -> assertThat(unexpected.logEndOffset()).isEqualTo(1));
      assertThat(doubtful.definite()).isFalse();
      assertThat(doubtful.hint()).endsWith("read the record at 0");
    }
    assertThat(cluster.values(T0)).containsExactly("once");
  }

  @Test
  void aConditionNeedsAPartitionAndAnAnswer() throws Exception {
    try (Producer producer = client.producer(ProducerConfig.defaults())) {
      JangadaException anywhere =
          failure(producer.send(ProducerRecord.of("t", null, bytes("a")).withExpectedOffset(0)));
      assertThat(anywhere.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
      assertThat(anywhere).hasMessageEndingWith("the record names no partition");
      assertThat(failure(producer.send(at(-2, "a")))).hasMessageEndingWith("but it is -2");
    }
    try (Producer producer =
        client.producer(
            ProducerConfig.defaults()
                .withAcknowledgement(Acknowledgement.NONE)
                .withIdempotent(false))) {
      assertThat(failure(producer.send(at(0, "a"))))
          .hasMessageEndingWith("the producer wants no acknowledgements");
    }
    assertThat(cluster.values(T0)).isEmpty();
  }

  @Test
  void typedRecordsHaveConditionsToo() throws Exception {
    try (TypedProducer<String, String> producer =
        new TypedProducer<>(
            client.producer(ProducerConfig.defaults()),
            Serdes.utf8().serializer(),
            Serdes.utf8().serializer())) {
      TypedRecord<String, String> record =
          new TypedRecord<>("t", 0, ProducerRecord.NOW, "k", "v", List.of());
      assertThat(get(producer.send(record.withExpectedOffset(0))).offset()).isZero();
      assertThat(failure(producer.send(record.withExpectedOffset(0))).code())
          .isEqualTo(ErrorCode.UNEXPECTED_OFFSET);
    }
  }
}
