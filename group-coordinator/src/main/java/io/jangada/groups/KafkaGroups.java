// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResultCollection;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;

/**
 * The groups that this broker coordinates, in the words of the Kafka protocol. Thread-safe; never
 * blocks. What changes a group completes when the change is committed in the log of the offsets. A
 * future fails with one of Kafka's {@link org.apache.kafka.common.errors.ApiException}s where the
 * answer has no place for the error: NOT_COORDINATOR or COORDINATOR_LOAD_IN_PROGRESS above all.
 */
public interface KafkaGroups {

  /** KIP-848: a member lives, joins or leaves, and is told its partitions. */
  CompletableFuture<ConsumerGroupHeartbeatResponseData> consumerGroupHeartbeat(
      GroupClient client, ConsumerGroupHeartbeatRequestData request);

  /** Groups of KIP-848 with their members. */
  CompletableFuture<List<ConsumerGroupDescribeResponseData.DescribedGroup>> consumerGroupDescribe(
      GroupClient client, List<String> groupIds);

  /** A member joins; completes when the group is complete, or its time is up. */
  CompletableFuture<JoinGroupResponseData> joinGroup(
      GroupClient client, JoinGroupRequestData request);

  /** A member asks for its partitions, the leader brings everybody's. */
  CompletableFuture<SyncGroupResponseData> syncGroup(
      GroupClient client, SyncGroupRequestData request);

  /** A member lives. */
  CompletableFuture<HeartbeatResponseData> heartbeat(
      GroupClient client, HeartbeatRequestData request);

  /** Members leave. */
  CompletableFuture<LeaveGroupResponseData> leaveGroup(
      GroupClient client, LeaveGroupRequestData request);

  /** The groups here; none where nothing is coordinated. */
  CompletableFuture<ListGroupsResponseData> listGroups(
      GroupClient client, ListGroupsRequestData request);

  /** Classic groups with their members. */
  CompletableFuture<List<DescribeGroupsResponseData.DescribedGroup>> describeGroups(
      GroupClient client, List<String> groupIds);

  /** Deletes groups that have no members. */
  CompletableFuture<DeletableGroupResultCollection> deleteGroups(
      GroupClient client, List<String> groupIds);

  /** Commits offsets of topics that exist. */
  CompletableFuture<OffsetCommitResponseData> commitOffsets(
      GroupClient client, OffsetCommitRequestData request);

  /**
   * The committed offsets of one group.
   *
   * @param requireStable not while a transaction may change them (KIP-447)
   */
  CompletableFuture<OffsetFetchResponseGroup> fetchOffsets(
      GroupClient client, OffsetFetchRequestGroup request, boolean requireStable);

  /** Deletes offsets of partitions that no member consumes. */
  CompletableFuture<OffsetDeleteResponseData> deleteOffsets(
      GroupClient client, OffsetDeleteRequestData request);
}
