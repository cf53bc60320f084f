// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import io.jangada.common.TopicIdPartition;
import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** What must still be so when a {@link BatchItem} is applied. Nothing but comparisons. */
public sealed interface Precondition {
  /** No topic has that name. */
  record NameAbsent(String name) implements Precondition {}

  /** The name still means that topic (KIP-516). */
  record TopicIdIs(String name, UUID topicId) implements Precondition {}

  /** The topic exists, and its configuration has not changed since. */
  record TopicConfigsAre(UUID topicId, Map<String, String> configs) implements Precondition {
    /** Copies the configuration, in the order of its keys. */
    public TopicConfigsAre {
      configs = Collections.unmodifiableMap(new TreeMap<>(configs));
    }
  }

  /** The settings of the broker, or of the cluster, have not changed since. */
  record SettingsAre(int brokerId, Map<String, String> settings) implements Precondition {
    /** Copies the settings, in the order of their keys. */
    public SettingsAre {
      settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    }
  }

  /** The partition exists, and its leader epoch is that. */
  record LeaderEpochIs(TopicIdPartition partition, int leaderEpoch) implements Precondition {}

  /** The partition exists, and has not changed since that partition epoch. */
  record PartitionEpochIs(TopicIdPartition partition, int partitionEpoch) implements Precondition {}

  /** That incarnation of the broker is the registered one, whatever its status. */
  record BrokerEpochIs(int brokerId, long brokerEpoch) implements Precondition {}

  /** The registered incarnation of the broker is that. */
  record IncarnationIs(int brokerId, UUID incarnation) implements Precondition {}

  /** The broker was never registered. */
  record BrokerAbsent(int brokerId) implements Precondition {}

  /** The broker is in no ISR or ELR but of those partitions. */
  record RightsWithin(int brokerId, SortedSet<TopicIdPartition> partitions)
      implements Precondition {
    /** Copies the set. */
    public RightsWithin {
      partitions = Collections.unmodifiableSortedSet(new TreeSet<>(partitions));
    }
  }

  /** No producer id from there on was given away. */
  record NextProducerIdIs(long nextProducerId) implements Precondition {}
}
