// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import static io.jangada.client.ProducerTest.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jangada.client.fake.FakeCluster;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A consumer as a member of a group. */
@Timeout(30)
class GroupConsumerTest {
  private static final TopicPartition T0 = new TopicPartition("t", 0);
  private static final TopicPartition T1 = new TopicPartition("t", 1);
  private static final Duration SOON = Duration.ofMillis(20);
  private static final GroupConfig GROUP = GroupConfig.of("g").withoutAutoCommit();

  private final FakeCluster cluster = new FakeCluster(3);
  private final JangadaClient client = JangadaClient.connect(cluster.config());

  /** What a listener heard, in order. */
  private static final class Heard implements RebalanceListener {
    final List<String> calls = new ArrayList<>();

    @Override
    public void onAssigned(Set<TopicPartition> partitions) {
      calls.add("assigned " + partitions.stream().sorted().toList());
    }

    @Override
    public void onRevoked(Set<TopicPartition> partitions) {
      calls.add("revoked " + partitions.stream().sorted().toList());
    }

    @Override
    public void onLost(Set<TopicPartition> partitions) {
      calls.add("lost " + partitions.stream().sorted().toList());
    }
  }

  @BeforeEach
  void create() {
    cluster.createTopic("t", 1, 2);
  }

  @AfterEach
  void close() {
    client.close();
    cluster.close();
  }

  @Test
  void aMemberBeginsWhereItsGroupHasCommittedOrWhereItIsConfiguredTo() {
    cluster.append(T0, 1_000, 10);
    cluster.append(T1, 1_000, 10);
    cluster.groups().commit("g", T0, 7);
    try (Consumer consumer = consumer()) {
      Heard heard = new Heard();
      consumer.subscribe(List.of("t"), GROUP, heard);
      List<ConsumerRecord> records = read(consumer, 13);
      assertThat(offsets(records, T0)).containsExactly(7L, 8L, 9L);
      assertThat(offsets(records, T1)).hasSize(10).startsWith(0L);
      assertThat(heard.calls).containsExactly("assigned [t-0, t-1]");
      assertThat(consumer.assignment()).containsExactlyInAnyOrder(T0, T1);
    }
  }

  @Test
  void commitsAreWhereTheNextMemberBegins() {
    cluster.append(T0, 1_000, 10);
    cluster.append(T1, 1_000, 10);
    try (Consumer consumer = consumer()) {
      consumer.subscribe(List.of("t"), GROUP);
      List<ConsumerRecord> records = read(consumer, 20);
      consumer.commitSync(Map.of(T0, CommittedOffset.after(records.get(0))));
      assertThat(consumer.committed(List.of(T0, T1)))
          .isEqualTo(Map.of(T0, CommittedOffset.of(cluster.groups().offsets("g").get(T0))));
      consumer.commitSync();
      assertThat(cluster.groups().offsets("g")).isEqualTo(Map.of(T0, 10L, T1, 10L));
      consumer.commitAsync(Map.of(T0, CommittedOffset.of(4))).join();
    }
    assertThat(cluster.groups().members("g")).isZero(); // it has left
    try (Consumer consumer = consumer()) {
      consumer.subscribe(List.of("t"), GROUP);
      List<ConsumerRecord> records = read(consumer, 6);
      assertThat(offsets(records, T0)).containsExactly(4L, 5L, 6L, 7L, 8L, 9L);
      assertThat(offsets(records, T1)).isEmpty();
    }
  }

  @Test
  void automaticCommitsSayWhatEarlierPollsReturned() throws Exception {
    cluster.append(T0, 1_000, 10);
    GroupConfig often = GroupConfig.of("g").withAutoCommitInterval(Duration.ofNanos(1));
    try (Consumer consumer = client.consumer(ConsumerConfig.defaults().withMaxPollRecords(4))) {
      consumer.subscribe(List.of("t"), often);
      read(consumer, 4);
      assertThat(cluster.groups().offsets("g")).doesNotContainEntry(T0, 4L);
      List<ConsumerRecord> second = read(consumer, 4);
      assertThat(second).hasSize(4);
      await(() -> cluster.groups().offsets("g").getOrDefault(T0, 0L) == 4L);
    }
    assertThat(cluster.groups().offsets("g")).containsEntry(T0, 8L); // by close
  }

  @Test
  void twoMembersShareAndNobodyReadsAPartitionBeforeTheOtherHasGivenItUp() {
    cluster.append(T0, 1_000, 10);
    cluster.append(T1, 1_000, 10);
    Heard heard = new Heard();
    GroupConfig itself = GroupConfig.of("g").withAutoCommitInterval(Duration.ofMinutes(1));
    try (Consumer one = consumer();
        Consumer two = consumer()) {
      one.subscribe(List.of("t"), itself, heard);
      List<ConsumerRecord> records = new ArrayList<>(read(one, 20));
      two.subscribe(List.of("t"), itself);
      List<ConsumerRecord> others = new ArrayList<>();
      until(
          () -> {
            records.addAll(one.poll(SOON));
            others.addAll(two.poll(SOON));
            assertThat(cluster.groups().owned("g")).doesNotHaveDuplicates();
            return two.assignment().size() == 1 && one.assignment().size() == 1;
          });
      TopicPartition given = two.assignment().iterator().next();
      assertThat(heard.calls).containsExactly("assigned [t-0, t-1]", "revoked [" + given + "]");
      cluster.append(T0, 1_000, 5);
      cluster.append(T1, 1_000, 5);
      until(
          () -> {
            records.addAll(one.poll(SOON));
            others.addAll(two.poll(SOON));
            return records.size() + others.size() >= 30;
          });
      // Committed when it was given up: exactly once each.
      assertThat(offsets(others, given)).containsExactly(10L, 11L, 12L, 13L, 14L);
      assertThat(records.size() + others.size()).isEqualTo(30);
      two.unsubscribe();
      until(
          () -> {
            records.addAll(one.poll(SOON));
            return one.assignment().size() == 2;
          });
    }
  }

  @Test
  void aMemberThatTheGroupHasForgottenLosesItsPartitionsAndJoinsAgain() {
    cluster.append(T0, 1_000, 10);
    Heard heard = new Heard();
    try (Consumer consumer = consumer()) {
      consumer.subscribe(List.of("t"), GROUP.withClientId("one"), heard);
      read(consumer, 10);
      consumer.commitSync(Map.of(T0, CommittedOffset.of(3)));
      cluster.groups().expire("g", "one");
      JangadaException refused = (JangadaException) catchThrowable(() -> consumer.commitSync());
      assertThat(refused.code()).isEqualTo(ErrorCode.UNKNOWN_MEMBER);
      List<ConsumerRecord> again = read(consumer, 7);
      assertThat(offsets(again, T0)).containsExactly(3L, 4L, 5L, 6L, 7L, 8L, 9L);
      assertThat(heard.calls)
          .containsExactly("assigned [t-0, t-1]", "lost [t-0, t-1]", "assigned [t-0, t-1]");
      assertThat(meter("jangada.consumer.partitions.lost")).isEqualTo(2);
    }
  }

  @Test
  void whoDoesNotPollLeavesAndComesBackByPolling() throws Exception {
    cluster.append(T0, 1_000, 10);
    Heard heard = new Heard();
    try (Consumer consumer = consumer()) {
      consumer.subscribe(List.of("t"), GROUP.withMaxPollInterval(Duration.ofMillis(300)), heard);
      read(consumer, 10);
      await(() -> cluster.groups().members("g") == 0);
      until(
          () -> {
            consumer.poll(SOON);
            return heard.calls.size() == 3;
          });
      assertThat(heard.calls.get(1)).isEqualTo("lost [t-0, t-1]");
      assertThat(cluster.groups().members("g")).isEqualTo(1);
    }
  }

  @Test
  void heartbeatsGoOnBetweenPollsAndOverFailingAndMovingCoordinators() throws Exception {
    cluster.append(T0, 1_000, 10);
    Heard heard = new Heard();
    try (Consumer consumer = consumer()) {
      consumer.subscribe(List.of("t"), GROUP, heard);
      read(consumer, 10);
      cluster.groups().failHeartbeats(ErrorCode.COORDINATOR_LOADING, ErrorCode.OVERLOADED);
      double before = meter("jangada.consumer.heartbeats");
      await(() -> meter("jangada.consumer.heartbeats") > before + 5);
      cluster.groups().moveTo(2);
      consumer.commitSync();
      cluster.broker(2).kill();
      cluster.elect(T1, 1);
      cluster.groups().moveTo(3);
      consumer.commitSync(Map.of(T0, CommittedOffset.of(5)));
      assertThat(cluster.groups().offsets("g")).containsEntry(T0, 5L);
      double atThree = meter("jangada.consumer.heartbeats");
      await(() -> meter("jangada.consumer.heartbeats") > atThree + 5);
      assertThat(heard.calls).containsExactly("assigned [t-0, t-1]");
    }
    assertThat(cluster.groups().members("g")).isZero();
  }

  @Test
  void oneAddressIsEnough() {
    cluster.append(T0, 1_000, 10);
    cluster.hide(1, 2, 3);
    cluster.groups().moveTo(3);
    try (JangadaClient outside = JangadaClient.connect(cluster.configOfOnly(1));
        Consumer consumer = outside.consumer(ConsumerConfig.defaults())) {
      consumer.subscribe(List.of("t"), GROUP);
      read(consumer, 10);
      consumer.commitSync();
      assertThat(cluster.groups().offsets("g")).containsEntry(T0, 10L);
    }
    assertThat(cluster.groups().members("g")).isZero();
  }

  @Test
  void commitsAreRepeatedWhereThatHelpsAndKeepTheirOrder() {
    cluster.append(T0, 1_000, 10);
    try (Consumer consumer = consumer()) {
      consumer.subscribe(List.of("t"), GROUP);
      read(consumer, 10);
      cluster.groups().failCommits(ErrorCode.STALE_MEMBER_EPOCH, ErrorCode.REQUEST_TIMED_OUT);
      var first = consumer.commitAsync(Map.of(T0, CommittedOffset.of(1)));
      var second = consumer.commitAsync(Map.of(T0, CommittedOffset.of(2)));
      var third = consumer.commitAsync(Map.of(T0, CommittedOffset.of(3)));
      first.join();
      second.join();
      third.join();
      assertThat(cluster.groups().offsets("g")).containsEntry(T0, 3L);
      assertThat(cluster.groups().commits()).isEqualTo(2); // those that waited became one
      cluster.groups().failCommits(ErrorCode.INVALID_REQUEST);
      assertThatThrownBy(() -> consumer.commitAsync(Map.of(T0, CommittedOffset.of(4))).join())
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(JangadaException.class);
      assertThatThrownBy(
              () ->
                  consumer.commitSync(Map.of(new TopicPartition("none", 0), CommittedOffset.of(4))))
          .isInstanceOf(JangadaException.class)
          .hasMessageContaining("none-0");
      assertThat(meter("jangada.consumer.commits.failed")).isEqualTo(2);
    }
  }

  @Test
  void aListenerMaySeekAndCommitButNotPoll() {
    cluster.append(T0, 1_000, 10);
    try (Consumer consumer = consumer()) {
      List<Throwable> refused = new ArrayList<>();
      consumer.subscribe(
          List.of("t"),
          GROUP,
          new RebalanceListener() {
            @Override
            public void onAssigned(Set<TopicPartition> partitions) {
              consumer.seek(T0, 8);
              refused.add(catchThrowable(() -> consumer.poll(SOON)));
            }

            @Override
            public void onRevoked(Set<TopicPartition> partitions) {
              consumer.commitSync();
              throw new IllegalStateException("out of the call");
            }
          });
      assertThat(offsets(read(consumer, 2), T0)).containsExactly(8L, 9L);
      assertThat(refused).hasOnlyElementsOfType(IllegalStateException.class);
      assertThatThrownBy(consumer::unsubscribe).hasMessage("out of the call");
      assertThat(consumer.assignment()).isEmpty();
      assertThat(cluster.groups().offsets("g")).containsEntry(T0, 10L);
      assertThat(cluster.groups().members("g")).isZero();
    }
  }

  @Test
  void topicsMayChangeAndRefusalsAreHeardOf() {
    cluster.createTopic("u", 3);
    try (Consumer consumer = consumer()) {
      assertThat(catchThrowable(consumer::commitSync)).isInstanceOf(JangadaException.class);
      consumer.assign(List.of(T0));
      assertThat(catchThrowable(() -> consumer.subscribe(List.of("t"), GROUP)))
          .isInstanceOf(JangadaException.class);
      consumer.assign(List.of());
      consumer.subscribe(List.of("t"), GROUP);
      until(() -> consumer.poll(SOON).isEmpty() && consumer.assignment().size() == 2);
      assertThat(catchThrowable(() -> consumer.assign(List.of(T0))))
          .isInstanceOf(JangadaException.class);
      consumer.subscribe(List.of("u"), GROUP);
      until(
          () ->
              consumer.poll(SOON).isEmpty()
                  && consumer.assignment().equals(Set.of(new TopicPartition("u", 0))));
      cluster.groups().failHeartbeats(ErrorCode.GROUP_FULL);
      until(() -> catchThrowable(() -> consumer.poll(SOON)) instanceof JangadaException);
    }
  }

  private Consumer consumer() {
    return client.consumer(ConsumerConfig.defaults());
  }

  private double meter(String name) {
    return client.meters().stream()
        .filter(meter -> meter.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  private static List<ConsumerRecord> read(Consumer consumer, int count) {
    List<ConsumerRecord> records = new ArrayList<>();
    until(
        () -> {
          records.addAll(consumer.poll(SOON));
          return records.size() >= count;
        });
    return records;
  }

  private static List<Long> offsets(List<ConsumerRecord> records, TopicPartition partition) {
    return records.stream()
        .filter(record -> record.topicPartition().equals(partition))
        .map(ConsumerRecord::offset)
        .toList();
  }

  private static void until(BooleanSupplier reached) {
    long deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
    }
  }
}
