// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.errors.ApiException;
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
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.jspecify.annotations.Nullable;

/**
 * The groups of this broker: nothing at all as long as the offsets topic does not exist, Kafka's
 * coordinator from then on.
 *
 * <pre>
 *   absent --the topic was created--> starting --started--> running --the topic was deleted--> absent
 * </pre>
 *
 * <p>{@link #begin}, {@link #apply} and {@link #end} are called by one thread, which may be held up
 * for a second; everything else by anyone.
 */
public final class GroupCoordination extends Collector implements KafkaGroups, AutoCloseable {
  private final int brokerId;
  private final GroupSettings settings;
  private final OffsetsLog log;
  private final Time time;
  private volatile boolean starting;
  private volatile @Nullable RunningCoordinator running;

  /** Coordinates nothing yet. */
  public GroupCoordination(int brokerId, GroupSettings settings, OffsetsLog log) {
    this(brokerId, settings, log, Time.SYSTEM);
  }

  /** The same with another clock: offsets expire after a week. */
  GroupCoordination(int brokerId, GroupSettings settings, OffsetsLog log, Time time) {
    this.brokerId = brokerId;
    this.settings = settings;
    this.log = log;
    this.time = time;
  }

  /** The same groups, for those who look after them. */
  public GroupAdmin admin() {
    return new CoordinatorAdmin(this);
  }

  /**
   * The offsets topic exists.
   *
   * @param partitions how many it has, for ever
   */
  public void begin(int partitions) {
    starting = true;
    try {
      running = new RunningCoordinator(brokerId, settings, partitions, log, time);
    } finally {
      starting = false;
    }
  }

  /** What has changed since the last call, or since {@link #begin} everything. */
  public void apply(TopicsChange change) {
    RunningCoordinator present = running;
    if (present != null) {
      present.apply(change);
    }
  }

  /** The offsets topic is gone. */
  public void end() {
    RunningCoordinator present = running;
    running = null;
    if (present != null) {
      present.close();
    }
  }

  @Override
  public void close() {
    end();
  }

  @Override
  public List<MetricFamilySamples> collect() {
    RunningCoordinator present = running;
    return present == null ? List.of() : present.readings().read();
  }

  private <T> CompletableFuture<T> ask(Function<GroupCoordinator, CompletableFuture<T>> question) {
    RunningCoordinator present = running;
    if (present == null) {
      return CompletableFuture.failedFuture(notHere());
    }
    try {
      return question.apply(present.coordinator());
    } catch (ApiException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private ApiException notHere() {
    return (starting ? Errors.COORDINATOR_LOAD_IN_PROGRESS : Errors.NOT_COORDINATOR).exception();
  }

  @Override
  public CompletableFuture<ConsumerGroupHeartbeatResponseData> consumerGroupHeartbeat(
      GroupClient client, ConsumerGroupHeartbeatRequestData request) {
    return ask(groups -> groups.consumerGroupHeartbeat(new ClientContext(client), request));
  }

  @Override
  public CompletableFuture<List<ConsumerGroupDescribeResponseData.DescribedGroup>>
      consumerGroupDescribe(GroupClient client, List<String> groupIds) {
    return ask(groups -> groups.consumerGroupDescribe(new ClientContext(client), groupIds));
  }

  @Override
  public CompletableFuture<JoinGroupResponseData> joinGroup(
      GroupClient client, JoinGroupRequestData request) {
    return ask(
        groups -> groups.joinGroup(new ClientContext(client), request, BufferSupplier.NO_CACHING));
  }

  @Override
  public CompletableFuture<SyncGroupResponseData> syncGroup(
      GroupClient client, SyncGroupRequestData request) {
    return ask(
        groups -> groups.syncGroup(new ClientContext(client), request, BufferSupplier.NO_CACHING));
  }

  @Override
  public CompletableFuture<HeartbeatResponseData> heartbeat(
      GroupClient client, HeartbeatRequestData request) {
    return ask(groups -> groups.heartbeat(new ClientContext(client), request));
  }

  @Override
  public CompletableFuture<LeaveGroupResponseData> leaveGroup(
      GroupClient client, LeaveGroupRequestData request) {
    return ask(groups -> groups.leaveGroup(new ClientContext(client), request));
  }

  @Override
  public CompletableFuture<ListGroupsResponseData> listGroups(
      GroupClient client, ListGroupsRequestData request) {
    return running == null && !starting
        ? CompletableFuture.completedFuture(new ListGroupsResponseData())
        : ask(groups -> groups.listGroups(new ClientContext(client), request));
  }

  @Override
  public CompletableFuture<List<DescribeGroupsResponseData.DescribedGroup>> describeGroups(
      GroupClient client, List<String> groupIds) {
    return ask(groups -> groups.describeGroups(new ClientContext(client), groupIds));
  }

  @Override
  public CompletableFuture<DeletableGroupResultCollection> deleteGroups(
      GroupClient client, List<String> groupIds) {
    return ask(
        groups ->
            groups.deleteGroups(new ClientContext(client), groupIds, BufferSupplier.NO_CACHING));
  }

  @Override
  public CompletableFuture<OffsetCommitResponseData> commitOffsets(
      GroupClient client, OffsetCommitRequestData request) {
    return ask(
        groups ->
            groups.commitOffsets(new ClientContext(client), request, BufferSupplier.NO_CACHING));
  }

  @Override
  public CompletableFuture<OffsetFetchResponseGroup> fetchOffsets(
      GroupClient client, OffsetFetchRequestGroup request, boolean requireStable) {
    return ask(groups -> groups.fetchOffsets(new ClientContext(client), request, requireStable));
  }

  @Override
  public CompletableFuture<OffsetDeleteResponseData> deleteOffsets(
      GroupClient client, OffsetDeleteRequestData request) {
    return ask(
        groups ->
            groups.deleteOffsets(new ClientContext(client), request, BufferSupplier.NO_CACHING));
  }
}
