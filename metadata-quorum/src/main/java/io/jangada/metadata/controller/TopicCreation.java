// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.Precondition;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.SettingKey;
import io.jangada.metadata.image.TopicConfigKey;
import io.jangada.metadata.image.TopicConfigs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Checks, places and creates topics, each on its own. Not thread-safe; one for each request. */
final class TopicCreation {
  static final int DEFAULT_PARTITIONS = 1;
  static final int DEFAULT_REPLICATION_FACTOR = 3;

  /** Of a topic, and of all that are created at once: one entry has to hold them. */
  static final int MAX_PARTITIONS = 10_000;

  private final MetadataImage image;
  private final SplittableRandom random;
  private final Set<String> names = new HashSet<>();
  private int partitionsSoFar;

  TopicCreation(MetadataImage image, long seed) {
    this.image = image;
    this.random = new SplittableRandom(seed);
  }

  Decision decide(ControllerRequest.CreateTopics request) {
    List<ItemPlan<ControllerAnswer.CreateTopicResult>> plans = new ArrayList<>();
    for (ControllerRequest.NewTopic topic : request.topics()) {
      plans.add(plan(topic, request.validateOnly()));
    }
    return ItemPlan.decide(image, plans, ControllerAnswer.TopicsCreated::new);
  }

  private ItemPlan<ControllerAnswer.CreateTopicResult> plan(
      ControllerRequest.NewTopic topic, boolean validateOnly) {
    int partitions =
        topic.partitions() == 0
            ? setting(image, SettingKey.NUM_PARTITIONS).orElse(DEFAULT_PARTITIONS)
            : topic.partitions();
    // Registered, not in service: a broker that is away must not cost a topic a replica for ever.
    int replicationFactor =
        topic.replicationFactor() == 0
            ? setting(image, SettingKey.DEFAULT_REPLICATION_FACTOR)
                .orElseGet(() -> Math.clamp(image.brokers().size(), 1, DEFAULT_REPLICATION_FACTOR))
            : topic.replicationFactor();
    Refusal refusal = check(topic, partitions, replicationFactor);
    if (refusal != null) {
      return ItemPlan.settled(refused(topic.name(), refusal));
    }
    names.add(topic.name());
    partitionsSoFar += partitions;
    if (validateOnly) {
      return ItemPlan.settled(
          new ControllerAnswer.CreateTopicResult(
              topic.name(), null, partitions, replicationFactor, null));
    }
    UUID topicId = new UUID(random.nextLong(), random.nextLong());
    return ItemPlan.proposed(
        item(topic, topicId, partitions, replicationFactor),
        rejected ->
            rejected != null
                ? refused(topic.name(), rejected)
                : new ControllerAnswer.CreateTopicResult(
                    topic.name(), topicId, partitions, replicationFactor, null));
  }

  /** What is set for the cluster; it is a number. */
  private static Optional<Integer> setting(MetadataImage image, SettingKey key) {
    return Optional.ofNullable(image.settings().cluster().get(key.key())).map(Integer::valueOf);
  }

  private static ControllerAnswer.CreateTopicResult refused(String name, Refusal refusal) {
    return new ControllerAnswer.CreateTopicResult(name, null, 0, 0, refusal);
  }

  private @Nullable Refusal check(
      ControllerRequest.NewTopic topic, int partitions, int replicationFactor) {
    Refusal badName = TopicNames.check(topic.name());
    if (badName != null) {
      return badName;
    }
    if (names.contains(topic.name()) || image.topic(topic.name()) != null) {
      return new Refusal(
          ErrorCode.TOPIC_ALREADY_EXISTS,
          "expected a new topic name, but " + topic.name() + " is taken");
    }
    int most = mostPartitions(image);
    if (partitions < 1 || partitions > most) {
      return new Refusal(
          ErrorCode.INVALID_PARTITIONS,
          "expected 1 to " + most + " partitions, but got " + partitions,
          most < MAX_PARTITIONS ? SettingKey.MAX_PARTITIONS_PER_TOPIC.key() + " limits them" : "");
    }
    if (partitionsSoFar + partitions > MAX_PARTITIONS) {
      return new Refusal(
          ErrorCode.INVALID_PARTITIONS,
          "expected at most " + MAX_PARTITIONS + " partitions in one request, but there are more",
          "create the topics one by one");
    }
    Refusal badFactor = checkReplicationFactor(topic.replicationFactor() == 0, replicationFactor);
    return badFactor != null ? badFactor : TopicConfigs.check(topic.configs());
  }

  private @Nullable Refusal checkReplicationFactor(boolean byDefault, int replicationFactor) {
    int registered = image.brokers().size();
    if (replicationFactor < 1 || replicationFactor > registered) {
      return new Refusal(
          ErrorCode.INVALID_REPLICATION_FACTOR,
          "expected a replication factor of 1 to the number of registered brokers, "
              + registered
              + ", but "
              + (byDefault ? "the default is " : "got ")
              + replicationFactor,
          "start more brokers, or ask for fewer replicas");
    }
    return noneInService(image);
  }

  /**
   * New partitions need a leader; replicas on brokers that are away catch up when they are back.
   */
  static @Nullable Refusal noneInService(MetadataImage image) {
    return image.brokers().values().stream().anyMatch(BrokerRegistration::inService)
        ? null
        : new Refusal(
            ErrorCode.INVALID_REPLICATION_FACTOR,
            "expected a broker in service to lead new partitions, but none is",
            "jangada broker list shows who is registered");
  }

  private BatchItem item(
      ControllerRequest.NewTopic topic, UUID topicId, int partitions, int replicationFactor) {
    List<MetadataRecord> records = new ArrayList<>(1 + partitions);
    records.add(
        new MetadataRecord.TopicCreated(
            topic.name(), topicId, withMinIsr(image, topic.configs(), replicationFactor)));
    ReplicaPlacer placer = new ReplicaPlacer(image.brokers().values(), random.nextLong());
    for (int partition = 0; partition < partitions; partition++) {
      records.add(
          new MetadataRecord.PartitionRegistered(
              new TopicIdPartition(topicId, partition), placer.place(replicationFactor)));
    }
    return new BatchItem(List.of(new Precondition.NameAbsent(topic.name())), records);
  }

  /** How many partitions a topic may have. */
  static int mostPartitions(MetadataImage image) {
    return setting(image, SettingKey.MAX_PARTITIONS_PER_TOPIC).orElse(MAX_PARTITIONS);
  }

  /**
   * The default depends on the replication factor, so it is written down with the topic. What is
   * set for the cluster is bounded by the replication factor.
   */
  static Map<String, String> withMinIsr(
      MetadataImage image, Map<String, String> configs, int replicationFactor) {
    Map<String, String> resolved = new TreeMap<>(configs);
    String key = TopicConfigKey.MIN_INSYNC_REPLICAS.key();
    String ofCluster = image.settings().cluster().get(key);
    resolved.putIfAbsent(
        key,
        ofCluster != null
            ? Integer.toString(Math.min(Integer.parseInt(ofCluster), replicationFactor))
            : replicationFactor >= DEFAULT_REPLICATION_FACTOR ? "2" : "1");
    return resolved;
  }
}
