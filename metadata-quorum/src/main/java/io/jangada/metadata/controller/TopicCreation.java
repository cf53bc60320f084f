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
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
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
    int partitions = partitions(topic);
    int replicationFactor = replicationFactor(topic);
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

  private int partitions(ControllerRequest.NewTopic topic) {
    if (!topic.assignments().isEmpty()) {
      return topic.assignments().size();
    }
    return topic.partitions() == 0
        ? setting(image, SettingKey.NUM_PARTITIONS).orElse(DEFAULT_PARTITIONS)
        : topic.partitions();
  }

  /** By default as brokers are registered: one that is away must not cost a replica for ever. */
  private int replicationFactor(ControllerRequest.NewTopic topic) {
    if (!topic.assignments().isEmpty()) {
      return topic.assignments().getFirst().size();
    }
    return topic.replicationFactor() == 0
        ? setting(image, SettingKey.DEFAULT_REPLICATION_FACTOR)
            .orElseGet(() -> Math.clamp(image.brokers().size(), 1, DEFAULT_REPLICATION_FACTOR))
        : topic.replicationFactor();
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
    Refusal collision = checkCollision(topic.name());
    if (collision != null) {
      return collision;
    }
    Refusal badConfig = TopicConfigs.check(topic.configs());
    if (badConfig == null) {
      badConfig = TopicConfigs.checkTogether(topic.configs(), image.cluster().featureLevel());
    }
    if (badConfig != null) {
      return badConfig;
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
    return topic.assignments().isEmpty()
        ? checkReplicationFactor(topic.replicationFactor() == 0, replicationFactor)
        : checkAssignments(topic, replicationFactor);
  }

  private @Nullable Refusal checkCollision(String name) {
    if (name.indexOf('.') < 0 && name.indexOf('_') < 0) {
      return null;
    }
    return Stream.concat(names.stream(), image.topics().values().stream().map(TopicImage::name))
        .filter(other -> TopicNames.collide(name, other))
        .findFirst()
        .map(
            other ->
                new Refusal(
                    ErrorCode.INVALID_TOPIC_NAME,
                    "expected a name that differs from others in more than '.' and '_', but there"
                        + " is "
                        + other,
                    "metrics of Kafka's tools have the same name for both"))
        .orElse(null);
  }

  private @Nullable Refusal checkAssignments(
      ControllerRequest.NewTopic topic, int replicationFactor) {
    return topic.partitions() == 0 && topic.replicationFactor() == 0
        ? ManualAssignment.check(image, topic.assignments(), 0, replicationFactor)
        : new Refusal(
            ErrorCode.INVALID_REQUEST,
            "expected chosen replicas, or the numbers of partitions and replicas, but got both");
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
              new TopicIdPartition(topicId, partition),
              topic.assignments().isEmpty()
                  ? placer.place(replicationFactor)
                  : ManualAssignment.registration(image, topic.assignments().get(partition))));
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
