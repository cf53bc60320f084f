// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.fake;

import io.jangada.api.v1.BrokerInfo;
import io.jangada.api.v1.BrokerState;
import io.jangada.api.v1.GetMetadataRequest;
import io.jangada.api.v1.LeaderHint;
import io.jangada.api.v1.MetadataSnapshot;
import io.jangada.api.v1.PartitionInfo;
import io.jangada.api.v1.TopicInfo;
import io.jangada.api.v1.TopicRef;
import io.jangada.api.v1.UnknownTopic;
import io.jangada.client.ClientConfig;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.common.Uuids;
import io.jangada.record.Compression;
import io.jangada.record.RecordBatch;
import io.jangada.record.RecordBatchBuilder;
import io.jangada.wire.WireErrors;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Brokers with ids from 1 on, which share one state under one lock. */
public final class FakeCluster implements AutoCloseable {
  private final Map<Integer, FakeBroker> brokers = new LinkedHashMap<>();
  private final Map<String, FakeTopic> topics = new LinkedHashMap<>();
  private final Set<Integer> hidden = ConcurrentHashMap.newKeySet();
  private final Map<Integer, String> racks = new ConcurrentHashMap<>();
  private final AtomicInteger hanging = new AtomicInteger();
  private volatile boolean changesHang;
  private volatile int lastChangeAt;
  private volatile int lastListedAt;
  private final FakeCoordinator groups = new FakeCoordinator(this);
  private long index = 1;

  record FakeTopic(UUID id, Map<String, String> configs, List<FakePartition> partitions) {}

  /** Who coordinates all groups. */
  public FakeCoordinator groups() {
    return groups;
  }

  /** Gives brokers addresses that lead nowhere, as behind a load balancer. */
  public synchronized void hide(Integer... ids) {
    hidden.addAll(Arrays.asList(ids));
    changed();
  }

  /** Gives all brokers their own addresses again. */
  public synchronized void show() {
    hidden.clear();
    changed();
  }

  /** Puts a broker into a rack. */
  public synchronized void rack(int id, String rack) {
    racks.put(id, rack);
    changed();
  }

  /** Lets a broker have a replica in sync, beside the leader. */
  public synchronized void addFollower(TopicPartition partition, int id) {
    partition(partition).followers.add(id);
    changed();
  }

  /** Ends that. */
  public synchronized void removeFollower(TopicPartition partition, int id) {
    partition(partition).followers.remove(id);
    changed();
    brokers.values().forEach(FakeBroker::pump);
  }

  /** Responses with records that a broker sent of a partition. */
  public synchronized int responsesFrom(int id, TopicPartition partition) {
    return partition(partition).responses.getOrDefault(id, 0);
  }

  /** A client's address of one broker, whatever is advertised. */
  public ClientConfig configOfOnly(int id) {
    return ClientConfig.of("127.0.0.1:" + broker(id).port())
        .withRequestTimeout(Duration.ofSeconds(10))
        .withAttemptTimeout(Duration.ofMillis(500));
  }

  public FakeCluster(int count) {
    for (int id = 1; id <= count; id++) {
      brokers.put(id, new FakeBroker(id, this));
    }
  }

  /** A configuration that knows all brokers and gives up early. */
  public ClientConfig config() {
    return ClientConfig.of(
            brokers.values().stream()
                .map(b -> "127.0.0.1:" + b.port())
                .collect(Collectors.joining(",")))
        .withRequestTimeout(Duration.ofSeconds(10))
        .withAttemptTimeout(Duration.ofMillis(500));
  }

  public FakeBroker broker(int id) {
    FakeBroker broker = brokers.get(id);
    if (broker == null) {
      throw new IllegalArgumentException("no broker " + id);
    }
    return broker;
  }

  /** Creates a topic whose partitions have these leaders. */
  public synchronized void createTopic(String name, int... leaders) {
    createTopic(name, Map.of(), leaders);
  }

  /** Creates a topic with settings of its own. */
  public synchronized void createTopic(String name, Map<String, String> configs, int... leaders) {
    List<FakePartition> partitions =
        IntStream.range(0, leaders.length)
            .mapToObj(i -> new FakePartition(i, leaders[i]))
            .collect(Collectors.toCollection(ArrayList::new));
    topics.put(name, new FakeTopic(UUID.randomUUID(), configs, partitions));
    changed();
  }

  /** Adds partitions that have these leaders. */
  public synchronized void addPartitions(String name, int... leaders) {
    List<FakePartition> partitions = Objects.requireNonNull(topics.get(name)).partitions();
    for (int leader : leaders) {
      partitions.add(new FakePartition(partitions.size(), leader));
    }
    changed();
  }

  /** Elects another leader, -1 for none. */
  public synchronized void elect(TopicPartition partition, int leader) {
    FakePartition state = partition(partition);
    state.leader = leader;
    state.epoch++;
    changed();
  }

  /** The same without telling those who watch. */
  public synchronized void electSecretly(TopicPartition partition, int leader) {
    FakePartition state = partition(partition);
    state.leader = leader;
    state.epoch++;
    index++;
    brokers.values().forEach(FakeBroker::pump);
  }

  public synchronized int leader(TopicPartition partition) {
    return partition(partition).leader;
  }

  /** What the broker does with the next produce requests for a partition. */
  public synchronized void script(TopicPartition partition, Behaviour... behaviours) {
    partition(partition).script.addAll(Arrays.asList(behaviours));
  }

  public synchronized void clearScript(TopicPartition partition) {
    partition(partition).script.clear();
  }

  public synchronized int scriptLeft(TopicPartition partition) {
    return partition(partition).script.size();
  }

  public synchronized void forgetProducers(TopicPartition partition) {
    partition(partition).forgetProducers();
  }

  public synchronized void truncateTo(TopicPartition partition, long logStart) {
    FakePartition state = partition(partition);
    state.logStart = logStart;
    state.log.removeIf(batch -> batch.nextOffset() <= logStart);
  }

  /** Appends a batch of records whose values are "v" and their offset. */
  public synchronized void append(TopicPartition partition, long timestampMs, int count) {
    FakePartition state = partition(partition);
    RecordBatchBuilder builder = new RecordBatchBuilder(1 << 20, Compression.NONE);
    for (int i = 0; i < count; i++) {
      long offset = state.nextOffset + i;
      builder.appendBytes(
          timestampMs + offset, null, ("v" + offset).getBytes(StandardCharsets.UTF_8), List.of());
    }
    state.append(builder.build().bytes());
    brokers.values().forEach(FakeBroker::pump);
  }

  public synchronized int sizeInBytes(TopicPartition partition) {
    return partition(partition).log.stream().mapToInt(RecordBatch::sizeInBytes).sum();
  }

  public synchronized int largestBatchBytes(TopicPartition partition) {
    return partition(partition).log.stream().mapToInt(RecordBatch::sizeInBytes).max().orElse(0);
  }

  /** Bytes sent to readers. */
  public synchronized long sentBytes(TopicPartition partition) {
    return partition(partition).sentBytes;
  }

  /** Flips a bit in the next batch that is sent to a reader. */
  public synchronized void damageNextResponse(TopicPartition partition) {
    partition(partition).damage = FakePartition.Damage.BIT;
  }

  /** Sends something else instead of the next batch. */
  public synchronized void nonsenseInNextResponse(TopicPartition partition) {
    partition(partition).damage = FakePartition.Damage.NONSENSE;
  }

  /** The values in a log, in order. */
  public synchronized List<String> values(TopicPartition partition) {
    return partition(partition).values();
  }

  /** Bytes of the largest batch in a log. */
  public synchronized int largestBatch(TopicPartition partition) {
    return partition(partition).log.stream().mapToInt(RecordBatch::sizeInBytes).max().orElse(0);
  }

  public synchronized int batchCount(TopicPartition partition) {
    return partition(partition).log.size();
  }

  void askedForChange(int broker) {
    lastChangeAt = broker;
  }

  void askedForTopics(int broker) {
    lastListedAt = broker;
  }

  /** The broker that was last asked to create topics. */
  public int lastChangeAt() {
    return lastChangeAt;
  }

  /** The broker that was last asked which topics there are. */
  public int lastListedAt() {
    return lastListedAt;
  }

  /** Lets requests for changes go unanswered; counted by {@link #hangingChanges}. */
  public void hangChanges() {
    changesHang = true;
  }

  public int hangingChanges() {
    return hanging.get();
  }

  boolean changesHang() {
    if (changesHang) {
      hanging.incrementAndGet();
    }
    return changesHang;
  }

  @Override
  public void close() {
    brokers.values().forEach(FakeBroker::kill);
  }

  // For brokers.

  FakePartition partition(TopicPartition partition) {
    FakeTopic topic = topics.get(partition.topic());
    if (topic == null || partition.partition() >= topic.partitions().size()) {
      throw new JangadaException(ErrorCode.UNKNOWN_PARTITION, "expected " + partition);
    }
    return topic.partitions().get(partition.partition());
  }

  FakePartition partition(TopicRef ref, int number) {
    FakeTopic topic = topics.get(ref.getName());
    if (topic == null || !Uuids.toBytes(topic.id()).equals(ref.getId())) {
      throw new JangadaException(ErrorCode.UNKNOWN_TOPIC, "expected topic " + ref.getName());
    }
    return topic.partitions().get(number);
  }

  Map<String, FakeTopic> topics() {
    return topics;
  }

  @Nullable LeaderHint hint(FakePartition partition) {
    FakeBroker leader = brokers.get(partition.leader);
    return leader == null
        ? null
        : LeaderHint.newBuilder()
            .setBrokerId(partition.leader)
            .setLeaderEpoch(partition.epoch)
            .setAddress(advertised(leader))
            .build();
  }

  /** Whether a broker serves a partition, by itself or by passing on. */
  boolean leads(FakeBroker broker, FakePartition partition, boolean forward) {
    FakeBroker leader = brokers.get(partition.leader);
    return leader != null && (leader == broker || (forward && leader.running()));
  }

  private String advertised(FakeBroker broker) {
    // Nobody listens on port 1.
    return "127.0.0.1:" + (hidden.contains(broker.id()) ? 1 : broker.port());
  }

  boolean runs(int id) {
    return broker(id).running();
  }

  LeaderHint hint(int id) {
    return LeaderHint.newBuilder().setBrokerId(id).setAddress(advertised(broker(id))).build();
  }

  List<BrokerInfo> brokerInfos() {
    return brokers.values().stream()
        .map(
            b ->
                BrokerInfo.newBuilder()
                    .setId(b.id())
                    .setGrpcAddress(advertised(b))
                    .setRack(racks.getOrDefault(b.id(), ""))
                    .setState(BrokerState.BROKER_STATE_ACTIVE)
                    .addRoles("broker")
                    .build())
        .toList();
  }

  synchronized MetadataSnapshot snapshot(GetMetadataRequest request) {
    MetadataSnapshot.Builder snapshot =
        MetadataSnapshot.newBuilder()
            .setClusterId("fake")
            .setIndex(index)
            .addAllBrokers(brokerInfos());
    for (TopicRef ref : request.getTopicsList()) {
      FakeTopic topic = topics.get(ref.getName());
      if (topic == null) {
        snapshot.addUnknownTopics(
            UnknownTopic.newBuilder()
                .setTopic(ref)
                .setError(
                    WireErrors.toWire(
                        new JangadaException(ErrorCode.UNKNOWN_TOPIC, "no " + ref.getName()))));
      } else {
        snapshot.addTopics(info(ref.getName(), topic));
      }
    }
    return snapshot.build();
  }

  static TopicInfo info(String name, FakeTopic topic) {
    TopicInfo.Builder info =
        TopicInfo.newBuilder()
            .setName(name)
            .setId(Uuids.toBytes(topic.id()))
            .putAllConfigs(topic.configs())
            .setMaxBatchBytes(
                Integer.parseInt(topic.configs().getOrDefault("max.message.bytes", "0")));
    for (FakePartition p : topic.partitions()) {
      info.addPartitions(
          PartitionInfo.newBuilder()
              .setPartition(p.number)
              .setLeader(p.leader)
              .setLeaderEpoch(p.epoch)
              .addReplicas(p.leader)
              .addIsr(p.leader)
              .addAllReplicas(p.followers)
              .addAllIsr(p.followers));
    }
    return info.build();
  }

  synchronized void pumpAll() {
    brokers.values().forEach(FakeBroker::pump);
  }

  private void changed() {
    index++;
    for (FakeBroker broker : brokers.values()) {
      broker.publish();
      broker.pump();
    }
  }
}
