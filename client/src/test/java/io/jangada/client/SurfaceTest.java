// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import static io.jangada.client.ProducerTest.await;
import static io.jangada.client.ProducerTest.bytes;
import static io.jangada.client.ProducerTest.failure;
import static io.jangada.client.ProducerTest.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jangada.client.fake.FakeCluster;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.record.RecordHeader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What applications plug in, and the ways of reading besides polling. */
@Timeout(30)
class SurfaceTest {
  private static final TopicPartition T0 = new TopicPartition("t", 0);
  private static final TopicPartition T1 = new TopicPartition("t", 1);

  private final FakeCluster cluster = new FakeCluster(2);
  private final JangadaClient client = JangadaClient.connect(cluster.config());

  @BeforeEach
  void create() {
    cluster.createTopic("t", 1, 2);
  }

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  // Producers.

  @Test
  void thePartitionerChoosesUnlessTheRecordSays() throws Exception {
    Partitioner second = (record, count) -> record.key() == null ? count - 1 : count;
    try (Producer producer = client.producer(ProducerConfig.defaults().withPartitioner(second))) {
      assertThat(get(producer.send(ProducerRecord.of("t", null, bytes("a")))).topicPartition())
          .isEqualTo(T1);
      assertThat(get(producer.send(ProducerRecord.of("t", 0, null, bytes("b")))).topicPartition())
          .isEqualTo(T0);
      assertThat(failure(producer.send(ProducerRecord.of("t", bytes("k"), null))).code())
          .isEqualTo(ErrorCode.UNKNOWN_PARTITION);
    }
    Partitioner broken =
        (record, count) -> {
          throw new IllegalStateException("on purpose");
        };
    try (Producer producer = client.producer(ProducerConfig.defaults().withPartitioner(broken))) {
      JangadaException refused = failure(producer.send(ProducerRecord.of("t", null, null)));
      assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
      assertThat(refused.definite()).isTrue();
    }
  }

  @Test
  void interceptorsChangeRecordsAndHearOfTheirEndInOrder() throws Exception {
    List<String> heard = new CopyOnWriteArrayList<>();
    ProducerInterceptor first =
        record ->
            new ProducerInterceptor.Interception(
                record.withHeaders(List.of(RecordHeader.ofUtf8("by", "first"))),
                (metadata, error) -> heard.add("first " + (error == null)));
    ProducerInterceptor broken =
        record -> {
          throw new IllegalStateException("on purpose");
        };
    ProducerInterceptor last =
        record ->
            new ProducerInterceptor.Interception(
                record,
                (metadata, error) -> {
                  heard.add("last " + record.headers().size());
                  throw new IllegalStateException("on purpose");
                });
    try (Producer producer =
        client.producer(ProducerConfig.defaults().withInterceptors(first, broken, last))) {
      get(
          producer
              .send(ProducerRecord.of("t", 0, null, bytes("a")))
              .whenComplete((metadata, error) -> heard.add("sender")));
      assertThat(heard).containsExactly("first true", "last 1", "sender");
      failure(producer.send(ProducerRecord.of("t", 7, null, bytes("a"))));
      assertThat(heard).contains("first false");
    }
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      consumer.assign(List.of(T0));
      assertThat(consumer.iterator().next().headers())
          .containsExactly(RecordHeader.ofUtf8("by", "first"));
    }
  }

  @Test
  void objectsGoOutAndComeBack() throws Exception {
    UUID id = UUID.randomUUID();
    try (TypedProducer<Long, UUID> producer =
            client.producer(
                ProducerConfig.defaults(),
                Serdes.int64().serializer(),
                Serdes.uuid().serializer());
        TypedConsumer<Long, UUID> consumer =
            client.consumer(
                ConsumerConfig.defaults(),
                Serdes.int64().deserializer(),
                Serdes.uuid().deserializer())) {
      RecordMetadata at = get(producer.send("t", 77L, id));
      get(producer.send("t", 77L, null));
      consumer.consumer().assign(List.of(at.topicPartition()));
      List<TypedConsumer.Received<Long, UUID>> received = new ArrayList<>();
      while (received.size() < 2) {
        received.addAll(consumer.poll(Duration.ofSeconds(1)));
      }
      assertThat(received.get(0).key()).isEqualTo(77L);
      assertThat(received.get(0).value()).isEqualTo(id);
      assertThat(received.get(1).value()).isNull();
      assertThat(received.get(1).raw().offset()).isEqualTo(1);
    }
  }

  @Test
  void aSerializerThatThrowsFailsItsRecordOnly() throws Exception {
    Serializer<String> picky =
        (topic, text) -> {
          if (text.isEmpty()) {
            throw new IllegalArgumentException("on purpose");
          }
          return bytes(text);
        };
    try (TypedProducer<String, String> producer =
        client.producer(ProducerConfig.defaults(), picky, picky)) {
      JangadaException refused = failure(producer.send("t", "k", ""));
      assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
      assertThat(refused.definite()).isTrue();
      get(producer.send("t", "k", "v"));
    }
  }

  @Test
  void whatCannotBeDeserializedIsReportedAfterWhatCan() {
    cluster.append(T0, 1, 3); // v0, v1, v2
    Deserializer<String> picky =
        (topic, data) -> {
          String text = Serdes.utf8().deserializer().deserialize(topic, data);
          if (text.equals("v1")) {
            throw new IllegalArgumentException("on purpose");
          }
          return text;
        };
    try (TypedConsumer<String, String> consumer =
        client.consumer(ConsumerConfig.defaults(), picky, picky)) {
      consumer.consumer().assign(List.of(T0));
      assertThat(consumer.poll(Duration.ofSeconds(10)).get(0).value()).isEqualTo("v0");
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(10)))
            .isInstanceOf(JangadaException.class)
            .hasMessageContaining("offset 1")
            .extracting(e -> ((JangadaException) e).code())
            .isEqualTo(ErrorCode.CORRUPT_MESSAGE);
      }
      consumer.consumer().seek(T0, 2);
      assertThat(consumer.poll(Duration.ofSeconds(10)).get(0).value()).isEqualTo("v2");
    }
  }

  @Test
  void metersAreFixedAndCount() throws Exception {
    List<String> names = client.meters().stream().map(Meter::name).toList();
    assertThat(names).isSorted().doesNotHaveDuplicates();
    String page = Files.readString(Path.of("..", "docs", "SDK.md"));
    assertThat(names).allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    try (Producer producer = client.producer(ProducerConfig.defaults())) {
      producer.send(ProducerRecord.of("t", 0, null, bytes("a")), SendCallback.IGNORE);
      get(producer.send(ProducerRecord.of("t", 0, null, bytes("b"))));
      failure(producer.send(ProducerRecord.of("t", 9, null, bytes("b"))));
      assertThat(meters())
          .containsEntry("jangada.producer.records.acknowledged", 2.0)
          .containsEntry("jangada.producer.records.refused", 1.0)
          .containsEntry("jangada.producer.buffer.used", 0.0);
      assertThat(meters().get("jangada.producer.answer.time")).isPositive();
    }
    assertThat(client.meters().stream().map(Meter::name).toList()).isEqualTo(names);
  }

  @Test
  void aClosedClientHasNoThreadThatCouldFindItsConnectionsGone() {
    JangadaClient other = JangadaClient.connect(cluster.config());
    Producer producer = other.producer(ProducerConfig.defaults());
    producer.send(ProducerRecord.of("t", 0, null, bytes("a"))).join();
    List<Thread> running =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("jangada-client-metadata"))
            .toList();
    other.close();
    assertThat(running).isNotEmpty().anyMatch(thread -> !thread.isAlive());
  }

  private Map<String, Double> meters() {
    return client.meters().stream().collect(Collectors.toMap(Meter::name, Meter::value));
  }

  // Consumers.

  @Test
  void consumersInterceptorsMayDropRecords() {
    cluster.append(T0, 1, 10);
    ConsumerInterceptor even =
        records -> records.stream().filter(record -> record.offset() % 2 == 0).toList();
    ConsumerInterceptor broken =
        records -> {
          throw new IllegalStateException("on purpose");
        };
    try (Consumer consumer =
        client.consumer(ConsumerConfig.defaults().withInterceptors(even, broken))) {
      consumer.assign(List.of(T0));
      assertThat(values(consumer.untilEnd())).containsExactly("v0", "v2", "v4", "v6", "v8");
      assertThat(consumer.position(T0)).isEqualTo(10);
    }
  }

  @Test
  void pausedPartitionsAreNotReadAndHoldNothingUp() {
    cluster.createTopic("p", 1, 1);
    TopicPartition p0 = new TopicPartition("p", 0);
    TopicPartition p1 = new TopicPartition("p", 1);
    cluster.append(p0, 1, 200);
    cluster.append(p1, 1, 200);
    try (Consumer consumer =
        client.consumer(ConsumerConfig.defaults().withBufferBytes(1000).withMaxPollRecords(20))) {
      consumer.assign(List.of(p0, p1));
      List<ConsumerRecord> begun = consumer.poll(Duration.ofSeconds(10));
      assertThat(begun).isNotEmpty();
      long position = consumer.position(p0);
      consumer.pause(List.of(p0));
      assertThat(consumer.paused()).containsExactly(p0);
      while (consumer.position(p1) < 200) {
        assertThat(consumer.poll(Duration.ofSeconds(10)))
            .isNotEmpty()
            .allMatch(record -> record.topicPartition().equals(p1));
      }
      assertThat(consumer.position(p0)).isEqualTo(position);
      consumer.resume(List.of(p0));
      ConsumerRecord next = consumer.poll(Duration.ofSeconds(10)).get(0);
      assertThat(next.topicPartition()).isEqualTo(p0);
      assertThat(next.offset()).isEqualTo(position);
      assertThat(catchThrowable(() -> consumer.pause(List.of(T0))))
          .isInstanceOf(JangadaException.class);
    }
  }

  @Test
  void timesAreSoughtAndMissingOnesAreTheEnd() {
    cluster.append(T0, 1_000, 10);
    cluster.append(T1, 1_000, 10);
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      consumer.assign(List.of(T0, T1));
      consumer.seekToTimes(Map.of(T0, 1_004L, T1, 9_999L));
      assertThat(consumer.position(T0)).isEqualTo(4);
      assertThat(consumer.position(T1)).isEqualTo(10);
    }
  }

  @Test
  void theBoundedIteratorEndsWhereTheLogEnded() {
    cluster.append(T0, 1, 25);
    cluster.append(T1, 1, 5);
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults().withMaxPollRecords(7))) {
      consumer.assign(List.of(T0, T1));
      Iterator<ConsumerRecord> records = consumer.untilEnd();
      cluster.append(T1, 1, 5);
      List<String> values = values(records);
      assertThat(values).hasSize(30);
      assertThat(records.hasNext()).isFalse();
      assertThatThrownBy(records::next).isInstanceOf(NoSuchElementException.class);
      assertThat(consumer.paused()).isEmpty();
      assertThat(consumer.position(T1)).isEqualTo(5);
      assertThat(values(consumer.untilEnd())).hasSize(5);
    }
  }

  @Test
  void theIteratorEndsWhenItIsWokenUp() throws Exception {
    cluster.append(T0, 1, 3);
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults())) {
      consumer.assign(List.of(T0));
      List<String> values = new CopyOnWriteArrayList<>();
      Iterator<ConsumerRecord> records = consumer.iterator();
      Thread reading =
          new Thread(() -> records.forEachRemaining(record -> values.add("" + record.valueUtf8())));
      reading.start();
      await(() -> values.size() == 3);
      consumer.wakeup();
      reading.join();
      assertThat(values).containsExactly("v0", "v1", "v2");
    }
  }

  @Test
  void thePublisherGivesWhatIsDemandedAndNoMore() throws Exception {
    cluster.append(T0, 1, 100);
    Gatherer gatherer = new Gatherer();
    try (RecordPublisher publisher =
        client.publisher(ConsumerConfig.defaults().withMaxPollRecords(9), List.of(T0))) {
      publisher.subscribe(gatherer);
      gatherer.subscription().request(5);
      await(() -> gatherer.values.size() == 5);
      gatherer.subscription().request(15);
      await(() -> gatherer.values.size() == 20);
      assertThat(gatherer.values.get(19)).isEqualTo("v19");
      Gatherer late = new Gatherer();
      publisher.subscribe(late);
      assertThat(late.end).isEqualTo("IllegalStateException");
    }
    await(() -> "complete".equals(gatherer.end));
    assertThat(gatherer.values).hasSize(20);
  }

  @Test
  void thePublisherEndsByErrorByCancellationAndByNonsense() throws Exception {
    cluster.append(T0, 1, 10);
    cluster.truncateTo(T0, 8);
    Gatherer lost = new Gatherer();
    Consumer consumer = client.consumer(ConsumerConfig.defaults());
    consumer.assign(List.of(T0));
    consumer.seek(T0, 1);
    new RecordPublisher(consumer).subscribe(lost);
    lost.subscription().request(Long.MAX_VALUE);
    lost.subscription().request(Long.MAX_VALUE);
    await(() -> "JangadaException".equals(lost.end));
    assertThat(catchThrowable(() -> consumer.poll(Duration.ZERO)))
        .isInstanceOf(JangadaException.class);

    Gatherer impolite = new Gatherer();
    client.publisher(ConsumerConfig.defaults(), List.of(T1)).subscribe(impolite);
    impolite.subscription().request(0);
    await(() -> "IllegalArgumentException".equals(impolite.end));

    Gatherer tired = new Gatherer();
    Consumer other = client.consumer(ConsumerConfig.defaults());
    other.assign(List.of(T1));
    new RecordPublisher(other).subscribe(tired);
    tired.subscription().request(1);
    tired.subscription().cancel();
    await(
        () ->
            catchThrowable(() -> other.poll(Duration.ZERO)) instanceof JangadaException closed
                && closed.code() == ErrorCode.SHUTTING_DOWN);
    assertThat(tired.end).isEmpty();
  }

  private static List<String> values(Iterator<ConsumerRecord> records) {
    List<String> values = new ArrayList<>();
    records.forEachRemaining(record -> values.add(String.valueOf(record.valueUtf8())));
    return values;
  }

  private static final class Gatherer implements Flow.Subscriber<ConsumerRecord> {
    final List<String> values = new CopyOnWriteArrayList<>();
    volatile String end = "";
    private volatile Flow.@Nullable Subscription subscription;

    Flow.Subscription subscription() {
      Flow.Subscription given = subscription;
      if (given == null) {
        throw new AssertionError("expected a subscription before anything else");
      }
      return given;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
    }

    @Override
    public void onNext(ConsumerRecord record) {
      values.add(String.valueOf(record.valueUtf8()));
    }

    @Override
    public void onError(Throwable failure) {
      end = failure.getClass().getSimpleName();
    }

    @Override
    public void onComplete() {
      end = "complete";
    }
  }
}
