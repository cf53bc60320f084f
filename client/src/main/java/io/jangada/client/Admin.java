// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Operates the cluster. Thread-safe; calls block up to the client's request timeout, and ask one
 * broker after the other where that cannot do a thing twice. Nothing needs to be closed.
 *
 * <p>Every failure is a {@link JangadaException}. Where a change's is not {@code definite}, it may
 * have been made: look before repeating it.
 */
public interface Admin {
  /** Where a partition's committed records end, as an offset for {@link #deleteRecords}. */
  long HIGH_WATERMARK = -1;

  /**
   * Creates topics.
   *
   * @param validateOnly check only
   * @return one for each, in order
   */
  List<Outcome<TopicListing>> createTopics(Collection<NewTopic> topics, boolean validateOnly);

  /**
   * Creates one topic.
   *
   * @throws JangadaException TOPIC_ALREADY_EXISTS, INVALID_TOPIC_NAME, …
   */
  default TopicListing createTopic(NewTopic topic) {
    return createTopics(List.of(topic), false).get(0).orThrow();
  }

  /**
   * Deletes topics by name.
   *
   * @param validateOnly check only
   * @return one for each, in order; the value is the name
   */
  List<Outcome<String>> deleteTopics(Collection<String> names, boolean validateOnly);

  /**
   * Changes the configuration of living topics, each on its own. Takes effect within moments on
   * every replica.
   *
   * @param validateOnly check only
   * @return one for each, in order; the value is the topic's name
   */
  List<Outcome<String>> alterTopicConfigs(
      Collection<TopicConfigChange> changes, boolean validateOnly);

  /**
   * Adds partitions to living topics, each on its own. There is no way back, and records with a key
   * may go to another partition than before. Producers and consumers of this client see the new
   * partitions with their next metadata.
   *
   * @param totals by topic, how many partitions it is to have, more than it has
   * @param validateOnly check only
   * @return one for each, in the order of the map; errors are UNKNOWN_TOPIC, INVALID_PARTITIONS for
   *     a number that is not larger or is too large, and INVALID_REPLICATION_FACTOR if fewer
   *     brokers are registered than the topic has replicas, or none is in service
   */
  List<Outcome<PartitionIncrease>> createPartitions(
      Map<String, Integer> totals, boolean validateOnly);

  /**
   * Deletes the oldest records of partitions. They are gone for readers at once, and from the disks
   * when no segment needs to keep them.
   *
   * @param before by partition, the first offset to keep: at most the high watermark; {@link
   *     #HIGH_WATERMARK} deletes everything that is committed
   * @return one for each, in the order of the map; the value is the first offset that there is now
   */
  List<Outcome<Long>> deleteRecords(Map<TopicPartition, Long> before);

  /**
   * Has a leader elected that may lack acknowledged records, in a partition in which no replica is
   * left that surely has them all. What it lacks is lost for good.
   *
   * @param broker whom to elect; empty for the first of the last known eligible replicas that is in
   *     service
   * @param validateOnly only say who would be elected
   * @return the broker that leads, or would
   * @throws JangadaException INVALID_REQUEST where there is a leader, or a replica that surely has
   *     everything and should be started instead; LEADER_NOT_AVAILABLE if no candidate is in
   *     service
   */
  int electFromLastKnown(TopicPartition partition, OptionalInt broker, boolean validateOnly);

  /**
   * Moves leaderships to the preferred replicas, the first of each partition's, wherever those are
   * in service and in sync. Nothing is lost by it.
   *
   * @param partitions which, or empty for all of the cluster
   * @param validateOnly only say what would happen
   * @return one for each, in order; the error is PREFERRED_LEADER_NOT_AVAILABLE where the preferred
   *     replica cannot lead now
   */
  List<Outcome<PreferredElection>> electPreferredLeaders(
      Collection<TopicPartition> partitions, boolean validateOnly);

  /** All topics, in the order of their names. */
  List<TopicListing> listTopics(boolean includeInternal);

  /**
   * Topics in full, with the offsets of their leaders.
   *
   * @param names which, or empty for all
   * @return one for each, in order
   */
  List<Outcome<TopicDescription>> describeTopics(Collection<String> names);

  /** All brokers that are registered. */
  List<BrokerDescription> listBrokers();

  /**
   * Forgets a broker that is stopped for good. If it starts again, it is registered again.
   *
   * @param validateOnly check only
   * @throws JangadaException UNKNOWN_NODE if it is not registered, UNSAFE while it is in service or
   *     holds replicas
   */
  void removeBroker(int brokerId, boolean validateOnly);

  /** The metadata quorum. */
  QuorumDescription describeQuorum();

  /**
   * Hands the lead of the metadata quorum to another member.
   *
   * @param nodeId to whom; empty for the member that is furthest
   * @param validateOnly only say who would lead
   * @return the member that leads, or would
   * @throws JangadaException UNKNOWN_NODE if it is no member, UNSAFE if it does not answer or lags
   */
  int transferQuorumLeadership(OptionalInt nodeId, boolean validateOnly);

  /**
   * Adds a node to the members of the metadata quorum. It runs, its role is quorum, and it waits
   * for that.
   *
   * @param validateOnly check only
   * @return how many members there are, or would be
   * @throws JangadaException UNSAFE if it does not answer, does not wait to be added, or if the
   *     larger quorum would have no majority; INVALID_REQUEST if another node or another disk
   *     answers
   */
  int addQuorumMember(QuorumCandidate candidate, boolean validateOnly);

  /**
   * Removes a member from the metadata quorum, alive or lost.
   *
   * @param force although none of those left may fail then
   * @param validateOnly check only
   * @return how many members there are, or would be
   * @throws JangadaException UNKNOWN_NODE if it is no member, UNSAFE if it is the last one, if
   *     those left would have no majority, or, unless forced, if none of them could fail
   */
  int removeQuorumMember(int nodeId, boolean force, boolean validateOnly);

  /**
   * Writes a backup of the metadata: of one moment, which is not before the call. {@link
   * MetadataBackup#verify} says whether what was written is whole. Blocks until it is.
   *
   * @param local what the broker that answers knows, without asking the quorum: for when that is
   *     lost
   * @param to stays the caller's to close
   * @throws JangadaException as every call; what was written before is to be thrown away
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  void backupMetadata(boolean local, OutputStream to);

  /**
   * Raises the cluster's feature level, for good.
   *
   * @param level above the one in force; every registered broker must know it
   * @param validateOnly check only
   * @return the level in force afterwards
   * @throws JangadaException INVALID_REQUEST for a level below the one in force or unknown to the
   *     controller, UNSUPPORTED if a broker does not know it
   */
  int setFeatureLevel(int level, boolean validateOnly);

  /**
   * The configuration in force of the cluster, of brokers and of topics. A broker is asked itself,
   * so it must be running.
   *
   * @return one for each, in order, by ascending key
   */
  List<Outcome<List<ConfigEntry>>> describeConfigs(Collection<ConfigScope> scopes);

  /**
   * Changes settings of the cluster and of brokers while they run, each change on its own. Takes
   * effect within moments on every broker it concerns.
   *
   * @param validateOnly check only
   * @return one for each, in order; errors are INVALID_CONFIG for an unknown key, a value out of
   *     range or a key that cannot change at run time, and INVALID_REQUEST for an unknown broker
   */
  List<Outcome<ConfigScope>> alterConfigs(Collection<ConfigChange> changes, boolean validateOnly);

  /**
   * Which consumer groups there are, by ascending id; every coordinator is asked.
   *
   * @return one for each; an error with an empty name says why groups may be missing
   */
  List<Outcome<GroupListing>> listGroups();

  /**
   * Consumer groups in full: members, committed offsets with lag, and one verdict for each. The
   * verdict is made of what the group's coordinator has seen during the last minute.
   *
   * @param groupIds which, or empty for all
   * @param stuckAfter how long a partition may wait without an advance before the group counts as
   *     stuck; zero for the brokers' default of 30 s
   * @return one for each, in order; the error is GROUP_NOT_FOUND if there is no such group. For all
   *     groups, an error with an empty name says why groups may be missing
   */
  List<Outcome<GroupDescription>> describeGroups(Collection<String> groupIds, Duration stuckAfter);

  /**
   * Deletes consumer groups with their offsets, each on its own.
   *
   * @param validateOnly check only
   * @return one for each, in order; the value is the id. Errors are GROUP_NOT_FOUND, and
   *     GROUP_NOT_EMPTY while it has members
   */
  List<Outcome<String>> deleteGroups(Collection<String> groupIds, boolean validateOnly);

  /**
   * Commits offsets for a consumer group without members: where whoever joins it next begins. All
   * of them are committed, or none. A group that does not exist comes into being.
   *
   * @param offsets by partition, the next to be read
   * @param validateOnly check only
   * @return one for each, in the order of the map
   * @throws JangadaException GROUP_NOT_EMPTY while the group has members
   */
  List<Outcome<Long>> alterGroupOffsets(
      String groupId, Map<TopicPartition, Long> offsets, boolean validateOnly);
}
