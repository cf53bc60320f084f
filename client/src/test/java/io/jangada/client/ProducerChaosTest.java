// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.client.fake.Behaviour;
import io.jangada.client.fake.FakeCluster;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever brokers do: what was acknowledged is in the log once, what was surely not written is not
 * there, and the log is in the order of sending. A failing seed is run alone with {@code
 * -Djangada.test.seed=N}.
 */
@Timeout(60)
class ProducerChaosTest {
  private static final int RECORDS = 1500;
  private static final int SEEDS = Integer.getInteger("jangada.test.seeds", 12);

  static LongStream seeds() {
    Long only = Long.getLong("jangada.test.seed");
    return only == null ? LongStream.rangeClosed(1, SEEDS) : LongStream.of(only);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nothingAcknowledgedIsLostRepeatedOrReordered(long seed) throws Exception {
    Random random = new Random(seed);
    Map<String, JangadaException> failed = new ConcurrentHashMap<>();
    Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    List<TopicPartition> partitions =
        List.of(new TopicPartition("t", 0), new TopicPartition("t", 1));
    boolean oneAddress = random.nextInt(3) == 0;
    try (FakeCluster cluster = new FakeCluster(3);
        JangadaClient client =
            JangadaClient.connect(oneAddress ? cluster.configOfOnly(1) : cluster.config())) {
      if (oneAddress) {
        cluster.hide(2, 3);
      }
      cluster.createTopic("t", 1, 2);
      ProducerConfig config =
          ProducerConfig.defaults()
              .withBatching(256 + random.nextInt(400), Duration.ofMillis(random.nextInt(3)))
              .withMaxInFlight(1 + random.nextInt(5))
              // Short, so that some records are given up while others are on their way.
              .withLimits(Duration.ofSeconds(20), Duration.ofSeconds(5), Duration.ofMillis(1500));
      try (Producer producer = client.producer(config)) {
        for (int i = 0; i < RECORDS; i++) {
          String value = "v" + i;
          TopicPartition partition = partitions.get(random.nextInt(2));
          producer.send(
              ProducerRecord.of("t", partition.partition(), null, ProducerTest.bytes(value)),
              (metadata, error) -> {
                if (error == null) {
                  acknowledged.add(value);
                } else {
                  failed.put(value, error);
                }
              });
          if (random.nextInt(50) == 0) {
            disturb(cluster, partition, random);
          }
          if (random.nextInt(20) == 0) {
            TimeUnit.MILLISECONDS.sleep(random.nextInt(10)); // lets some of it be on its way
          }
          if (random.nextInt(200) == 0) {
            cluster.elect(partition, 1 + random.nextInt(3)); // after a time without leader
          }
        }
        for (TopicPartition partition : partitions) {
          cluster.elect(partition, 1 + random.nextInt(3));
          cluster.clearScript(partition);
          // Whatever was before: now it works again.
          ProducerTest.get(
              producer.send(
                  ProducerRecord.of(
                      "t", partition.partition(), null, ProducerTest.bytes("v" + RECORDS))));
        }
      }
      assertThat(acknowledged.size() + failed.size()).isEqualTo(RECORDS);
      check(cluster, partitions, acknowledged, failed, seed);
    }
  }

  private static void disturb(FakeCluster cluster, TopicPartition partition, Random random) {
    switch (random.nextInt(10)) {
      case 0 -> cluster.elect(partition, 1 + random.nextInt(3));
      case 1 -> cluster.electSecretly(partition, 1 + random.nextInt(3));
      case 2 -> cluster.elect(partition, random.nextInt(4) == 0 ? -1 : 1 + random.nextInt(3));
      case 3 -> cluster.script(partition, Behaviour.refuse(ErrorCode.OVERLOADED));
      case 4 ->
          cluster.script(
              partition, Behaviour.appendButSay(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND));
      case 5 -> cluster.script(partition, Behaviour.breakStream(random.nextBoolean()));
      case 6 -> cluster.script(partition, Behaviour.nonsense(random.nextBoolean()));
      case 7 -> cluster.script(partition, Behaviour.refuse(ErrorCode.MESSAGE_TOO_LARGE));
      case 8 -> cluster.script(partition, Behaviour.answerTwice());
      default -> {
        int victim = 1 + random.nextInt(3);
        cluster.broker(victim).kill();
        cluster.broker(victim).start();
      }
    }
  }

  private static void check(
      FakeCluster cluster,
      List<TopicPartition> partitions,
      Queue<String> acknowledged,
      Map<String, JangadaException> failed,
      long seed) {
    List<String> all = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      List<String> values = cluster.values(partition);
      assertThat(values).last().isEqualTo("v" + RECORDS);
      values.remove(values.size() - 1);
      List<Integer> order = values.stream().map(v -> Integer.valueOf(v.substring(1))).toList();
      assertThat(order).as("order, seed %s", seed).isSorted();
      all.addAll(values);
    }
    assertThat(all).as("repeated, seed %s", seed).doesNotHaveDuplicates();
    HashSet<String> written = new HashSet<>(all);
    assertThat(written).as("lost, seed %s", seed).containsAll(acknowledged);
    failed.forEach(
        (value, error) -> {
          if (error.definite()) {
            assertThat(written).as("surely not written, seed %s", seed).doesNotContain(value);
          }
        });
  }
}
