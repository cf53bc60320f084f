// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.metadata;

import io.jangada.api.v1.BrokerInfo;
import io.jangada.api.v1.BrokerState;
import io.jangada.api.v1.LeaderHint;
import io.jangada.api.v1.MetadataSnapshot;
import io.jangada.api.v1.PartitionInfo;
import io.jangada.api.v1.TopicInfo;
import io.jangada.api.v1.UnknownTopic;
import io.jangada.client.BrokerAddress;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of a cluster. Immutable and pure: brokers answer from images of different age, and
 * the rules of {@link #merge} see to it that knowledge only grows newer.
 *
 * @param clusterId empty until someone has answered
 * @param index of the metadata log that the brokers were last taken from
 * @param brokers addresses by id
 * @param fenced brokers that are said not to be in service
 * @param racks of the brokers that are in one, by id
 * @param topics by name
 * @param missing topics that do not exist, and as of which index
 */
public record MetadataView(
    String clusterId,
    long index,
    Map<Integer, BrokerAddress> brokers,
    Set<Integer> fenced,
    Map<Integer, String> racks,
    Map<String, TopicView> topics,
    Map<String, Long> missing) {

  /** Nothing is known. */
  public static final MetadataView EMPTY =
      new MetadataView("", -1, Map.of(), Set.of(), Map.of(), Map.of(), Map.of());

  /**
   * This view with what a broker answered. An older answer changes only what was not known before;
   * of a partition the larger leader epoch stands, whatever it came from; another cluster id starts
   * from nothing.
   */
  public MetadataView merge(MetadataSnapshot snapshot) {
    if (!clusterId.isEmpty() && !clusterId.equals(snapshot.getClusterId())) {
      return EMPTY.merge(snapshot);
    }
    Map<String, TopicView> mergedTopics = new HashMap<>(topics);
    Map<String, Long> mergedMissing = new HashMap<>(missing);
    for (TopicInfo info : snapshot.getTopicsList()) {
      TopicView known = topics.get(info.getName());
      mergedTopics.put(info.getName(), mergeTopic(known, info, snapshot.getIndex()));
      if (missing.getOrDefault(info.getName(), -1L) <= snapshot.getIndex()) {
        mergedMissing.remove(info.getName());
      }
    }
    for (UnknownTopic unknown : snapshot.getUnknownTopicsList()) {
      String name = unknown.getTopic().getName();
      TopicView known = topics.get(name);
      if (known == null || known.index() <= snapshot.getIndex()) {
        mergedTopics.remove(name);
        mergedMissing.merge(name, snapshot.getIndex(), Math::max);
      }
    }
    return mergeBrokers(snapshot, mergedTopics, mergedMissing);
  }

  private MetadataView mergeBrokers(
      MetadataSnapshot snapshot, Map<String, TopicView> newTopics, Map<String, Long> newMissing) {
    boolean newer = snapshot.getIndex() >= index;
    Map<Integer, BrokerAddress> merged = new HashMap<>(newer ? Map.of() : brokers);
    Set<Integer> mergedFenced = new HashSet<>(newer ? Set.of() : fenced);
    Map<Integer, String> mergedRacks = new HashMap<>(newer ? Map.of() : racks);
    for (BrokerInfo broker : snapshot.getBrokersList()) {
      if (broker.getGrpcAddress().isEmpty() || (!newer && merged.containsKey(broker.getId()))) {
        continue;
      }
      parse(broker.getGrpcAddress())
          .ifPresent(
              address -> {
                merged.put(broker.getId(), address);
                if (!broker.getRack().isEmpty()) {
                  mergedRacks.put(broker.getId(), broker.getRack());
                }
                if (broker.getState() == BrokerState.BROKER_STATE_FENCED) {
                  mergedFenced.add(broker.getId());
                }
              });
    }
    return new MetadataView(
        snapshot.getClusterId(),
        Math.max(index, snapshot.getIndex()),
        Collections.unmodifiableMap(merged),
        Collections.unmodifiableSet(mergedFenced),
        Collections.unmodifiableMap(mergedRacks),
        Collections.unmodifiableMap(newTopics),
        Collections.unmodifiableMap(newMissing));
  }

  private static TopicView mergeTopic(
      @org.jspecify.annotations.Nullable TopicView known, TopicInfo info, long index) {
    boolean sameTopic = known != null && known.id().equals(info.getId());
    if (known != null && !sameTopic && known.index() > index) {
      return known;
    }
    int count = info.getPartitionsCount();
    List<PartitionView> partitions = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      partitions.add(PartitionView.UNKNOWN);
    }
    for (PartitionInfo p : info.getPartitionsList()) {
      if (p.getPartition() >= 0 && p.getPartition() < count) {
        partitions.set(
            p.getPartition(),
            new PartitionView(p.getLeader(), p.getLeaderEpoch(), List.copyOf(p.getIsrList())));
      }
    }
    if (known == null || !sameTopic) {
      return new TopicView(
          info.getName(), info.getId(), index, maxBatchBytes(info), List.copyOf(partitions));
    }
    boolean newer = index >= known.index();
    List<PartitionView> merged = new ArrayList<>();
    for (int i = 0; i < Math.max(count, known.partitions().size()); i++) {
      PartitionView told = i < count ? partitions.get(i) : PartitionView.UNKNOWN;
      PartitionView had = known.partition(i);
      boolean takeTold =
          told.leaderEpoch() > had.leaderEpoch()
              || (newer && told.leaderEpoch() == had.leaderEpoch());
      merged.add(takeTold ? told : had);
    }
    return new TopicView(
        info.getName(),
        info.getId(),
        Math.max(index, known.index()),
        newer ? maxBatchBytes(info) : known.maxBatchBytes(),
        List.copyOf(merged));
  }

  private static int maxBatchBytes(TopicInfo info) {
    // An older broker does not say: then it refuses what is too large.
    return info.getMaxBatchBytes() > 0 ? info.getMaxBatchBytes() : Integer.MAX_VALUE;
  }

  /** This view with what the error of a broker said about a partition's leader. */
  public MetadataView learn(TopicPartition partition, LeaderHint hint) {
    TopicView topic = topics.get(partition.topic());
    Optional<BrokerAddress> address = parse(hint.getAddress());
    if (topic == null
        || address.isEmpty()
        || partition.partition() >= topic.partitions().size()
        || hint.getLeaderEpoch() <= topic.partition(partition.partition()).leaderEpoch()) {
      return this;
    }
    List<PartitionView> partitions = new ArrayList<>(topic.partitions());
    partitions.set(
        partition.partition(),
        new PartitionView(hint.getBrokerId(), hint.getLeaderEpoch(), List.of()));
    Map<String, TopicView> newTopics = new HashMap<>(topics);
    newTopics.put(
        topic.name(),
        new TopicView(
            topic.name(),
            topic.id(),
            topic.index(),
            topic.maxBatchBytes(),
            List.copyOf(partitions)));
    Map<Integer, BrokerAddress> newBrokers = new HashMap<>(brokers);
    newBrokers.put(hint.getBrokerId(), address.get());
    return new MetadataView(
        clusterId,
        index,
        Collections.unmodifiableMap(newBrokers),
        fenced,
        racks,
        Collections.unmodifiableMap(newTopics),
        missing);
  }

  /** Where a partition's leader is, where one is known. */
  public Optional<LeaderView> leader(TopicPartition partition) {
    TopicView topic = topics.get(partition.topic());
    if (topic == null) {
      return Optional.empty();
    }
    PartitionView view = topic.partition(partition.partition());
    BrokerAddress address = brokers.get(view.leader());
    return address == null
        ? Optional.empty()
        : Optional.of(
            new LeaderView(topic.ref(), address, view.leaderEpoch(), LeaderView.Access.LEADER));
  }

  /**
   * An in-sync replica in a rack, where the leader is not there itself.
   *
   * @return empty also where the leader is in that rack
   */
  public Optional<LeaderView> follower(TopicPartition partition, String rack) {
    TopicView topic = topics.get(partition.topic());
    if (topic == null) {
      return Optional.empty();
    }
    PartitionView view = topic.partition(partition.partition());
    if (view.leader() < 0 || rack.equals(racks.get(view.leader()))) {
      return Optional.empty();
    }
    for (int id : view.isr()) {
      BrokerAddress address = brokers.get(id);
      if (address != null && !fenced.contains(id) && rack.equals(racks.get(id))) {
        return Optional.of(
            new LeaderView(topic.ref(), address, view.leaderEpoch(), LeaderView.Access.FOLLOWER));
      }
    }
    return Optional.empty();
  }

  private static Optional<BrokerAddress> parse(String address) {
    try {
      return Optional.of(BrokerAddress.parse(address));
    } catch (JangadaException e) {
      return Optional.empty(); // a broker that cannot be reached by this is as good as unknown
    }
  }
}
