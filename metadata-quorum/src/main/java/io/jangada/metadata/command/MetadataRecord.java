// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import io.jangada.common.TopicIdPartition;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One fact of the metadata. Records are all that changes a {@code MetadataImage}; except for {@link
 * TopicDeleted}, {@link BrokerRemoved}, {@link BrokerStatusChanged} and {@link DirectoryUnfit} each
 * states the whole of what it is about, so that a snapshot is records too. New types are guarded by
 * the feature level.
 */
public sealed interface MetadataRecord {
  /**
   * The cluster came to be.
   *
   * @param clusterId for its life
   * @param historyId of this history of it: another one after a restore from a backup, so that no
   *     one resumes across
   */
  record ClusterFormatted(UUID clusterId, UUID historyId) implements MetadataRecord {}

  /**
   * A node leads from here on.
   *
   * @param nodeId the node
   * @param controllerEpoch the index of this entry; {@link ConditionalBatch#CLAIMING} until applied
   */
  record ControllerClaimed(int nodeId, long controllerEpoch) implements MetadataRecord {}

  /** The feature level in force. */
  record FeatureLevelSet(int level) implements MetadataRecord {}

  /**
   * A voter, and the directory it votes from: the same node with a wiped disk is another voter.
   *
   * @param nodeId the node
   * @param directoryId of the metadata directory
   */
  record QuorumMemberRegistered(int nodeId, UUID directoryId) implements MetadataRecord {}

  /** A broker's incarnation, whole. */
  record BrokerRegistered(BrokerRegistration registration) implements MetadataRecord {}

  /**
   * A broker was fenced, unfenced, or began to shut down.
   *
   * @param brokerId the broker
   * @param status what it is now
   * @param reason for whoever reads the log
   */
  record BrokerStatusChanged(int brokerId, BrokerStatus status, String reason)
      implements MetadataRecord {}

  /** A broker is forgotten, with its settings. From {@link FeatureRange#BROKER_REMOVED} on. */
  record BrokerRemoved(int brokerId) implements MetadataRecord {}

  /**
   * A topic; its partitions follow, each in its own record.
   *
   * @param name unique among living topics
   * @param topicId unique for ever
   * @param configs what was set, by key; sorted
   */
  record TopicCreated(String name, UUID topicId, Map<String, String> configs)
      implements MetadataRecord {
    /** Copies the configuration, in the order of its keys. */
    public TopicCreated {
      configs = Collections.unmodifiableMap(new TreeMap<>(configs));
    }
  }

  /**
   * A topic's configuration has changed. From {@link FeatureRange#TOPIC_CONFIGURED} on.
   *
   * @param configs all that is set from here on, by key; sorted
   */
  record TopicConfigured(UUID topicId, Map<String, String> configs) implements MetadataRecord {
    /** Copies the configuration, in the order of its keys. */
    public TopicConfigured {
      configs = Collections.unmodifiableMap(new TreeMap<>(configs));
    }
  }

  /**
   * Settings have changed. From {@link FeatureRange#SETTINGS} on.
   *
   * @param brokerId whose, or {@link ControllerRequest.SettingsChange#CLUSTER}
   * @param settings all that is set from here on, by key; sorted
   */
  record SettingsConfigured(int brokerId, Map<String, String> settings) implements MetadataRecord {
    /** Copies the settings, in the order of their keys. */
    public SettingsConfigured {
      settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    }
  }

  /** A log directory of a broker cannot be relied on any more. */
  record DirectoryUnfit(int brokerId, UnfitDirectory directory) implements MetadataRecord {}

  /** A topic and its partitions are gone. */
  record TopicDeleted(UUID topicId) implements MetadataRecord {}

  /** A partition was created or changed: the whole of it. */
  record PartitionRegistered(TopicIdPartition partition, PartitionRegistration registration)
      implements MetadataRecord {}

  /**
   * Producer ids up to there are given away.
   *
   * @param nextProducerId the first that is not
   */
  record ProducerIdsAllocated(long nextProducerId) implements MetadataRecord {}
}
