// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.groups;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.GroupDirectory;
import io.jangada.broker.service.InternalTopics;
import io.jangada.broker.service.TopicAdmin;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.metadata.command.ControllerAnswer.CreateTopicResult;
import io.jangada.metadata.command.ControllerRequest.NewTopic;
import io.jangada.metadata.command.ControllerRequest.TopicConfigChange;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topic in which groups are kept, created when the first one is asked for. Thread-safe. */
final class OffsetsTopic implements GroupDirectory {
  private static final Logger log = LoggerFactory.getLogger(OffsetsTopic.class);

  /**
   * Nothing of it may ever be deleted by its age, and a commit is on disks before it is answered,
   * whatever the cluster's settings for other topics say.
   */
  private static final Map<String, String> CONFIGS =
      Map.of(
          "retention.ms", "-1",
          "retention.bytes", "-1",
          "segment.bytes", Integer.toString(100 * 1024 * 1024),
          "durability", "fsync");

  private static final String CLEANUP_POLICY = "cleanup.policy";

  private static final Map<String, String> COMPACTION = Map.of(CLEANUP_POLICY, "compact");

  /** The same where all brokers know how to compact: of each key only the newest record counts. */
  private static final Map<String, String> COMPACTED =
      Stream.of(CONFIGS, COMPACTION)
          .flatMap(configs -> configs.entrySet().stream())
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private final ClusterMetadata metadata;
  private final TopicAdmin topics;
  private final BrokerConfig.Groups config;
  private final AtomicReference<@Nullable CompletableFuture<Void>> creation =
      new AtomicReference<>();
  private final AtomicBoolean compacting = new AtomicBoolean();

  OffsetsTopic(ClusterMetadata metadata, TopicAdmin topics, BrokerConfig.Groups config) {
    this.metadata = metadata;
    this.topics = topics;
    this.config = config;
  }

  /** The topic, or null before it is created. */
  @Nullable TopicImage present() {
    return metadata.image().topic(InternalTopics.OFFSETS);
  }

  @Override
  public CompletableFuture<Integer> coordinatorOf(String groupId) {
    TopicImage topic = present();
    return topic != null
        ? coordinatorOf(groupId, topic)
        : create().thenCompose(created -> coordinatorOf(groupId, present()));
  }

  private static CompletableFuture<Integer> coordinatorOf(
      String groupId, @Nullable TopicImage topic) {
    if (topic == null) {
      return unavailable("expected " + InternalTopics.OFFSETS + ", but it is being deleted");
    }
    int partition = partitionOf(groupId, topic.partitions().size());
    PartitionRegistration state = topic.partitions().get(partition);
    return state != null && state.hasLeader()
        ? CompletableFuture.completedFuture(state.leader())
        : unavailable(
            "expected a leader of "
                + InternalTopics.OFFSETS
                + "-"
                + partition
                + ", which keeps group '"
                + groupId
                + "', but none of its in-sync replicas is in service");
  }

  /** As the coordinator itself computes it: by the absolute value, the smallest int being 0. */
  static int partitionOf(String groupId, int partitions) {
    int hash = groupId.hashCode();
    return hash == Integer.MIN_VALUE ? 0 : Math.abs(hash) % partitions;
  }

  private static <T> CompletableFuture<T> unavailable(String message) {
    return CompletableFuture.failedFuture(
        new JangadaException(
            ErrorCode.LEADER_NOT_AVAILABLE, message, "start the brokers that hold it"));
  }

  /** Whoever asks meanwhile waits for the same creation. */
  private CompletableFuture<Void> create() {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    CompletableFuture<Void> other = creation.compareAndExchange(null, mine);
    if (other != null) {
      return other;
    }
    NewTopic wanted =
        new NewTopic(
            InternalTopics.OFFSETS,
            config.offsetsPartitions(),
            config.offsetsReplicationFactor(),
            compacts(metadata.image()) ? COMPACTED : CONFIGS);
    var unused =
        topics
            .create(List.of(wanted), false)
            .whenComplete(
                (created, failure) -> {
                  creation.set(null);
                  if (failure == null) {
                    settle(mine, created.results().getFirst());
                  } else {
                    mine.completeExceptionally(failure);
                  }
                });
    return mine;
  }

  private static boolean compacts(MetadataImage image) {
    return image.cluster().featureLevel() >= FeatureRange.COMPACTION;
  }

  /**
   * Whether it is from before brokers knew how to compact, and they do now. Where somebody has set
   * its policy, that stays.
   */
  boolean awaitsCompaction(MetadataImage image) {
    TopicImage topic = image.topic(InternalTopics.OFFSETS);
    return topic != null && compacts(image) && !topic.configs().containsKey(CLEANUP_POLICY);
  }

  /** Has it compacted from now on; if that fails, until the next time it is asked. */
  void compact() {
    TopicImage topic = present();
    if (topic == null || !compacting.compareAndSet(false, true)) {
      return;
    }
    var unused =
        topics
            .alter(List.of(new TopicConfigChange(topic.id(), COMPACTION, List.of())), false)
            .whenComplete(
                (altered, failure) -> {
                  compacting.set(false);
                  Refusal refusal = failure == null ? altered.results().getFirst().refusal() : null;
                  if (failure == null && refusal == null) {
                    log.info("{} is compacted from now on", topic.name());
                  } else {
                    log.warn(
                        "{} is not compacted yet: {}",
                        topic.name(),
                        refusal == null ? failure.toString() : refusal.message());
                  }
                });
  }

  private static void settle(CompletableFuture<Void> creation, CreateTopicResult result) {
    Refusal refusal = result.refusal();
    if (refusal == null) {
      log.info(
          "{} keeps consumer groups from now on, in {} partitions of {} replicas",
          InternalTopics.OFFSETS,
          result.partitions(),
          result.replicationFactor());
      creation.complete(null);
    } else if (refusal.code() == ErrorCode.TOPIC_ALREADY_EXISTS) {
      creation.complete(null);
    } else {
      creation.completeExceptionally(refusal.toException());
    }
  }
}
