// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import io.jangada.common.TopicIdPartition;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the controller. Each is answered by the {@link ControllerAnswer} it names, or by
 * {@link ControllerAnswer.Failed}; asking again after an unknown outcome is safe. Immutable.
 */
public sealed interface ControllerRequest {
  /** A new leader of the quorum takes over. → {@link ControllerAnswer.Claimed} */
  record ClaimController(int nodeId) implements ControllerRequest {}

  /**
   * Names the cluster, once; {@link MetadataRecord.ClusterFormatted} has the terms. → {@link
   * ControllerAnswer.Done}
   */
  record FormatCluster(UUID clusterId, UUID historyId) implements ControllerRequest {}

  /** A voter makes its directory known. → {@link ControllerAnswer.Done} */
  record RegisterQuorumMember(int nodeId, UUID directoryId) implements ControllerRequest {}

  /**
   * A broker's process has started. It fences the incarnation before it (REPLICATION.md, rule 24).
   * → {@link ControllerAnswer.Registered}
   *
   * @param verdicts what recovery says of its replicas: some may lose their rights (rule 8)
   */
  record RegisterBroker(
      int brokerId,
      UUID incarnation,
      BrokerProfile profile,
      Provenance provenance,
      ReplicaVerdicts verdicts)
      implements ControllerRequest {
    /** A broker of whose replicas nothing is said. */
    public RegisterBroker(
        int brokerId, UUID incarnation, BrokerProfile profile, Provenance provenance) {
      this(brokerId, incarnation, profile, provenance, ReplicaVerdicts.NONE);
    }
  }

  /**
   * A broker is alive and its metadata is at that index. → {@link ControllerAnswer.Done}
   *
   * @param metadataIndex at least the index of its registration
   */
  record UnfenceBroker(int brokerId, long brokerEpoch, long metadataIndex)
      implements ControllerRequest {}

  /**
   * A broker's session has ended. → {@link ControllerAnswer.Done}
   *
   * @param reason for whoever reads the log
   */
  record FenceBroker(int brokerId, long brokerEpoch, String reason) implements ControllerRequest {}

  /**
   * A broker wants to stop without a gap. Asked again until nothing remains. → {@link
   * ControllerAnswer.ShutdownProgress}
   */
  record ControlledShutdown(int brokerId, long brokerEpoch) implements ControllerRequest {}

  /**
   * Forgets a broker that is out of service and holds no replicas. → {@link ControllerAnswer.Done}
   *
   * @param validateOnly say whether it could be, and keep it
   */
  record RemoveBroker(int brokerId, boolean validateOnly) implements ControllerRequest {}

  /**
   * Creates topics, each on its own. → {@link ControllerAnswer.TopicsCreated}
   *
   * @param validateOnly check, and create nothing
   */
  record CreateTopics(List<NewTopic> topics, boolean validateOnly) implements ControllerRequest {
    /** Copies the list. */
    public CreateTopics {
      topics = List.copyOf(topics);
    }
  }

  /**
   * A topic to create.
   *
   * @param name letters, digits, '.', '_' and '-', at most 249
   * @param partitions 0 for the default
   * @param replicationFactor 0 for the default: min(3, brokers)
   * @param configs by key; sorted
   * @param assignments the replicas of each partition, the preferred leader first, where an
   *     operator has chosen them; then the numbers are 0. Empty: the controller chooses
   */
  record NewTopic(
      String name,
      int partitions,
      int replicationFactor,
      Map<String, String> configs,
      List<List<Integer>> assignments) {
    /** Copies the configuration, in the order of its keys, and the lists. */
    public NewTopic {
      configs = Collections.unmodifiableMap(new TreeMap<>(configs));
      assignments = assignments.stream().map(List::copyOf).toList();
    }

    /** A topic whose replicas the controller places. */
    public NewTopic(
        String name, int partitions, int replicationFactor, Map<String, String> configs) {
      this(name, partitions, replicationFactor, configs, List.of());
    }
  }

  /**
   * Deletes topics, each on its own. → {@link ControllerAnswer.TopicsDeleted}
   *
   * @param validateOnly check, and delete nothing
   */
  record DeleteTopics(List<UUID> topicIds, boolean validateOnly) implements ControllerRequest {
    /** Copies the list. */
    public DeleteTopics {
      topicIds = List.copyOf(topicIds);
    }
  }

  /**
   * Changes topics' configurations, each topic's on its own. → {@link
   * ControllerAnswer.TopicConfigsAltered}
   *
   * @param validateOnly check, and change nothing
   */
  record AlterTopicConfigs(List<TopicConfigChange> changes, boolean validateOnly)
      implements ControllerRequest {
    /** Copies the list. */
    public AlterTopicConfigs {
      changes = List.copyOf(changes);
    }
  }

  /**
   * A change of one topic's configuration; what it does not name stays.
   *
   * @param set by key; sorted
   * @param unset keys that go back to their defaults
   */
  record TopicConfigChange(UUID topicId, Map<String, String> set, List<String> unset) {
    /** Copies what it is given. */
    public TopicConfigChange {
      set = Collections.unmodifiableMap(new TreeMap<>(set));
      unset = List.copyOf(unset);
    }
  }

  /**
   * Adds partitions to living topics, each topic's on its own. → {@link
   * ControllerAnswer.PartitionsAdded}
   *
   * @param validateOnly check, and add nothing
   */
  record AddPartitions(List<PartitionCount> topics, boolean validateOnly)
      implements ControllerRequest {
    /** Copies the list. */
    public AddPartitions {
      topics = List.copyOf(topics);
    }
  }

  /**
   * How many partitions a topic is to have.
   *
   * @param partitions in all, more than it has
   * @param assignments the replicas of each new partition, the preferred leader first, where an
   *     operator has chosen them; null: the controller chooses
   */
  record PartitionCount(UUID topicId, int partitions, @Nullable List<List<Integer>> assignments) {
    /** Copies the lists. */
    public PartitionCount {
      assignments = assignments == null ? null : assignments.stream().map(List::copyOf).toList();
    }

    /** Partitions whose replicas the controller places. */
    public PartitionCount(UUID topicId, int partitions) {
      this(topicId, partitions, null);
    }
  }

  /**
   * Changes settings of the cluster or of brokers, each on its own. → {@link
   * ControllerAnswer.SettingsAltered}
   *
   * @param validateOnly check, and change nothing
   */
  record AlterSettings(List<SettingsChange> changes, boolean validateOnly)
      implements ControllerRequest {
    /** Copies the list. */
    public AlterSettings {
      changes = List.copyOf(changes);
    }
  }

  /**
   * A change of the settings of the cluster or of one broker; what it does not name stays.
   *
   * @param brokerId whose, or {@link #CLUSTER}
   * @param set by key; sorted
   * @param unset keys that fall back to what is less specific
   */
  record SettingsChange(int brokerId, Map<String, String> set, List<String> unset) {
    /** In the place of a broker's id: the cluster. Ids of brokers begin at 1. */
    public static final int CLUSTER = 0;

    /** Copies what it is given. */
    public SettingsChange {
      set = Collections.unmodifiableMap(new TreeMap<>(set));
      unset = List.copyOf(unset);
    }
  }

  /**
   * A leader proposes in-sync replicas (KIP-497). → {@link ControllerAnswer.IsrAltered}
   *
   * @param brokerId the leader
   * @param brokerEpoch its own epoch
   * @param changes each decided on its own
   */
  record AlterIsr(int brokerId, long brokerEpoch, List<IsrChange> changes)
      implements ControllerRequest {
    /** Copies the list. */
    public AlterIsr {
      changes = List.copyOf(changes);
    }
  }

  /**
   * The in-sync replicas that a leader proposes for one partition.
   *
   * @param leaderEpoch the epoch it leads in
   * @param partitionEpoch what it last saw; compare-and-set
   * @param isr all members, with the broker epochs that the leader knows (KIP-903)
   */
  record IsrChange(
      TopicIdPartition partition, int leaderEpoch, int partitionEpoch, List<BrokerIdAndEpoch> isr) {
    /** Copies the list. */
    public IsrChange {
      isr = List.copyOf(isr);
    }
  }

  /**
   * A broker gives up its rights over replicas that it cannot serve any more (REPLICATION.md, rules
   * 21 and 22): it leaves their ISR and ELR, and leads them no longer. → {@link
   * ControllerAnswer.Done}
   *
   * @param replicas at most as many as one entry takes
   * @param suspect whether the replicas may yet turn out whole: then one that no one else could
   *     lead in place of keeps its rights
   * @param directories the log directories that cannot be relied on any more; may be empty
   * @param reason for people
   */
  record RelinquishReplicas(
      int brokerId,
      long brokerEpoch,
      List<TopicIdPartition> replicas,
      boolean suspect,
      List<UnfitDirectory> directories,
      String reason)
      implements ControllerRequest {
    /** Copies the lists. */
    public RelinquishReplicas {
      replicas = List.copyOf(replicas);
      directories = List.copyOf(directories);
    }
  }

  /**
   * A leader asks for another one in its place (REPLICATION.md, rule 25). Where no one else may
   * lead, or it does not lead in that epoch any more, nothing happens. → {@link
   * ControllerAnswer.Done}
   *
   * @param partitions at most as many as one entry takes
   */
  record Resign(int brokerId, long brokerEpoch, List<Leadership> partitions)
      implements ControllerRequest {
    /** Copies the list. */
    public Resign {
      partitions = List.copyOf(partitions);
    }
  }

  /**
   * Who leads is said by the epoch.
   *
   * @param leaderEpoch the epoch in which the broker leads
   */
  record Leadership(TopicIdPartition partition, int leaderEpoch) {}

  /**
   * An operator has a leader elected that may lack acknowledged records, because no one is left who
   * surely has them all (KIP-966). → {@link ControllerAnswer.LeaderElected}
   *
   * @param candidate the broker to elect, or {@link PartitionRegistration#NO_LEADER} for the first
   *     of the last known eligible ones in service
   * @param validateOnly say who would be elected, and elect no one
   */
  record ElectFromLastKnown(TopicIdPartition partition, int candidate, boolean validateOnly)
      implements ControllerRequest {}

  /**
   * An operator has leaderships moved to the preferred replicas, where those are in service and in
   * sync. → {@link ControllerAnswer.PreferredElected}
   *
   * @param partitions at most as many as one entry takes
   * @param validateOnly say what would happen, and move nothing
   */
  record ElectPreferred(List<TopicIdPartition> partitions, boolean validateOnly)
      implements ControllerRequest {
    /** Copies the list. */
    public ElectPreferred {
      partitions = List.copyOf(partitions);
    }
  }

  /**
   * Raises the feature level. → {@link ControllerAnswer.Done}
   *
   * @param level what every registered broker understands
   * @param validateOnly say whether it could be raised, and leave it
   */
  record SetFeatureLevel(int level, boolean validateOnly) implements ControllerRequest {}

  /** A broker needs producer ids to hand out. → {@link ControllerAnswer.ProducerIds} */
  record AllocateProducerIds(int brokerId, long brokerEpoch) implements ControllerRequest {}
}
