// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Looking after the groups that this broker coordinates, of either protocol. Thread-safe; never
 * blocks. Futures fail with a {@link JangadaException}: NOT_COORDINATOR or COORDINATOR_LOADING
 * above all. What changes a group completes when the change is committed in the log of the offsets.
 */
public interface GroupAdmin {

  /** The groups here; none where nothing is coordinated. */
  CompletableFuture<List<Listed>> list();

  /**
   * A group with its members.
   *
   * @return fails with GROUP_NOT_FOUND if there is none
   */
  CompletableFuture<Described> describe(String groupId);

  /** Everything that a group has committed; empty if there is no such group. */
  CompletableFuture<List<Committed>> offsets(String groupId);

  /**
   * Commits for a group without members, which comes into being if there is none.
   *
   * @return why not, for each partition that was refused; fails with GROUP_NOT_EMPTY if it has
   *     members
   */
  CompletableFuture<Map<GroupPartition, JangadaException>> commit(
      String groupId, Map<GroupPartition, Long> offsets);

  /**
   * Deletes a group with its offsets.
   *
   * @return fails with GROUP_NOT_EMPTY if it has members, GROUP_NOT_FOUND if there is none
   */
  CompletableFuture<@Nullable Void> delete(String groupId);

  /** How it is said that there is no such group. */
  static JangadaException notFound(String groupId) {
    return new JangadaException(
        ErrorCode.GROUP_NOT_FOUND,
        "expected a consumer group '" + groupId + "', but there is none",
        "jangada group list");
  }

  /** How it is said that a group has members where it must have none. */
  static JangadaException hasMembers(String groupId) {
    return new JangadaException(
        ErrorCode.GROUP_NOT_EMPTY,
        "expected group '" + groupId + "' to have no members, but it has some",
        "stop them first; who they are: jangada group describe " + groupId);
  }

  /**
   * A partition by the name of its topic: that is how offsets are kept.
   *
   * @param partition from 0
   */
  record GroupPartition(String topic, int partition) implements Comparable<GroupPartition> {
    @Override
    public int compareTo(GroupPartition other) {
      int byTopic = topic.compareTo(other.topic);
      return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
    }

    @Override
    public String toString() {
      return topic + ":" + partition;
    }
  }

  /**
   * A group in short.
   *
   * @param state as Kafka calls it
   * @param type "classic" or "consumer"
   * @param protocolType what its members are; may be empty
   */
  record Listed(String groupId, String state, String type, String protocolType) {}

  /**
   * A group.
   *
   * @param group in short
   * @param assignor how partitions are assigned; empty where that is not known
   */
  record Described(Listed group, String assignor, List<Member> members) {}

  /**
   * A member.
   *
   * @param instanceId of a static member (KIP-345); else empty
   * @param host its address
   * @param assignment what it reads
   * @param pending what it is still to give up or to take on
   */
  record Member(
      String memberId,
      String instanceId,
      String clientId,
      String host,
      List<GroupPartition> assignment,
      List<GroupPartition> pending) {}

  /**
   * What was committed for a partition.
   *
   * @param offset the next to be read
   * @param metadata what the committer wrote beside it
   */
  record Committed(GroupPartition partition, long offset, String metadata) {}
}
