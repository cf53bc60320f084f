// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
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
 * <p>What is asked of a group while its coordinator starts or loads waits for that, for two seconds
 * at most: a client does not send a commit again that it does not wait for itself.
 *
 * <p>{@link #begin}, {@link #apply} and {@link #end} are called by one thread, which may be held up
 * for a second; everything else by anyone.
 */
public final class GroupCoordination extends Collector implements KafkaGroups, AutoCloseable {
  private static final long HOLD_MS = 2_000;
  private static final int MAX_HELD = 10_000;

  private final int brokerId;
  private final GroupSettings settings;
  private final OffsetsLog log;
  private final Time time;
  private final AtomicInteger held = new AtomicInteger();
  private volatile boolean starting;

  /** Done unless a coordinator is expected that has not begun to follow the cluster. */
  private volatile CompletableFuture<@Nullable Void> following =
      CompletableFuture.completedFuture(null);

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

  /** The offsets topic exists, and {@link #begin} will follow. By any thread; does not block. */
  public synchronized void expect() {
    if (running == null && !starting) {
      starting = true;
      following = new CompletableFuture<>();
    }
  }

  /**
   * The offsets topic exists.
   *
   * @param partitions how many it has, for ever
   */
  public void begin(int partitions) {
    expect();
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
    following.complete(null);
  }

  /** The offsets topic is gone. */
  public void end() {
    RunningCoordinator present = running;
    running = null;
    starting = false;
    following.complete(null);
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
    List<MetricFamilySamples> all = new ArrayList<>();
    all.add(
        new GaugeMetricFamily(
            "jangada_group_requests_held",
            "What is asked of groups whose coordinator starts or loads, and waits for it",
            held.get()));
    RunningCoordinator present = running;
    if (present != null) {
      all.addAll(present.readings().read());
    }
    return all;
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

  /** The same of one group, once its coordinator is ready or has not become so in time. */
  private <T> CompletableFuture<T> ask(
      String groupId, Function<GroupCoordinator, CompletableFuture<T>> question) {
    return hold(following, () -> hold(loading(groupId), () -> ask(question)));
  }

  private CompletableFuture<@Nullable Void> loading(String groupId) {
    RunningCoordinator present = running;
    try {
      return present == null ? following : present.loading(groupId);
    } catch (ApiException e) {
      // It is just being closed: what is asked is told so.
      return CompletableFuture.completedFuture(null);
    }
  }

  private <T> CompletableFuture<T> hold(
      CompletableFuture<@Nullable Void> ready, Supplier<CompletableFuture<T>> then) {
    if (ready.isDone()) {
      return then.get();
    }
    if (held.incrementAndGet() > MAX_HELD) {
      held.decrementAndGet();
      return then.get();
    }
    return ready
        .copy()
        .completeOnTimeout(null, HOLD_MS, TimeUnit.MILLISECONDS)
        .thenCompose(
            done -> {
              held.decrementAndGet();
              return then.get();
            });
  }

  private ApiException notHere() {
    return (starting ? Errors.COORDINATOR_LOAD_IN_PROGRESS : Errors.NOT_COORDINATOR).exception();
  }

  @Override
  public CompletableFuture<ConsumerGroupHeartbeatResponseData> consumerGroupHeartbeat(
      GroupClient client, ConsumerGroupHeartbeatRequestData request) {
    return ask(
        request.groupId(),
        groups -> groups.consumerGroupHeartbeat(new ClientContext(client), request));
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
        request.groupId(),
        groups -> groups.joinGroup(new ClientContext(client), request, BufferSupplier.NO_CACHING));
  }

  @Override
  public CompletableFuture<SyncGroupResponseData> syncGroup(
      GroupClient client, SyncGroupRequestData request) {
    return ask(
        request.groupId(),
        groups -> groups.syncGroup(new ClientContext(client), request, BufferSupplier.NO_CACHING));
  }

  @Override
  public CompletableFuture<HeartbeatResponseData> heartbeat(
      GroupClient client, HeartbeatRequestData request) {
    return ask(request.groupId(), groups -> groups.heartbeat(new ClientContext(client), request));
  }

  @Override
  public CompletableFuture<LeaveGroupResponseData> leaveGroup(
      GroupClient client, LeaveGroupRequestData request) {
    return ask(request.groupId(), groups -> groups.leaveGroup(new ClientContext(client), request));
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
        request.groupId(),
        groups ->
            groups.commitOffsets(new ClientContext(client), request, BufferSupplier.NO_CACHING));
  }

  @Override
  public CompletableFuture<OffsetFetchResponseGroup> fetchOffsets(
      GroupClient client, OffsetFetchRequestGroup request, boolean requireStable) {
    return ask(
        request.groupId(),
        groups -> groups.fetchOffsets(new ClientContext(client), request, requireStable));
  }

  @Override
  public CompletableFuture<OffsetDeleteResponseData> deleteOffsets(
      GroupClient client, OffsetDeleteRequestData request) {
    return ask(
        request.groupId(),
        groups ->
            groups.deleteOffsets(new ClientContext(client), request, BufferSupplier.NO_CACHING));
  }
}
