// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.groups;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.GroupDirectory;
import io.jangada.broker.service.NotCoordinatorException;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.groups.GroupService;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Groups of the cluster as this broker serves them: those that it coordinates; of others it says
 * who does. The first to ask for any group has the offsets topic created, and waits for it for a
 * moment. Offsets of what does not exist are refused here, because the coordinator knows nothing
 * but names. Thread-safe.
 */
final class CoordinatedGroups implements GroupService {
  /** Then the client is told to ask again. */
  private static final long CREATION_PATIENCE_MS = 2_000;

  private final int brokerId;
  private final ClusterMetadata metadata;
  private final GroupDirectory directory;
  private final GroupService here;

  /**
   * Over the groups here.
   *
   * @param here answers for groups that are coordinated by this broker
   */
  CoordinatedGroups(
      int brokerId, ClusterMetadata metadata, GroupDirectory directory, GroupService here) {
    this.brokerId = brokerId;
    this.metadata = metadata;
    this.directory = directory;
    this.here = here;
  }

  @Override
  public CompletableFuture<Membership> heartbeat(Caller caller, MemberHeartbeat heartbeat) {
    return coordinated(heartbeat.member().groupId(), () -> here.heartbeat(caller, heartbeat));
  }

  @Override
  public CompletableFuture<Map<NamedPartition, JangadaException>> commit(
      Caller caller, GroupMember member, List<GroupOffset> offsets) {
    return coordinated(
        member.groupId(),
        () -> {
          MetadataImage image = metadata.image();
          Map<NamedPartition, JangadaException> refused = new HashMap<>();
          List<GroupOffset> existing = new ArrayList<>();
          for (GroupOffset each : offsets) {
            JangadaException missing = missing(image, each.partition());
            if (missing == null) {
              existing.add(each);
            } else {
              refused.put(each.partition(), missing);
            }
          }
          return existing.isEmpty()
              ? CompletableFuture.completedFuture(refused)
              : here.commit(caller, member, existing)
                  .thenApply(
                      refusedThere -> {
                        refused.putAll(refusedThere);
                        return refused;
                      });
        });
  }

  private static @Nullable JangadaException missing(MetadataImage image, NamedPartition partition) {
    TopicImage topic = image.topic(partition.topic());
    return topic != null && topic.partitions().containsKey(partition.partition())
        ? null
        : new JangadaException(
            topic == null ? ErrorCode.UNKNOWN_TOPIC : ErrorCode.UNKNOWN_PARTITION,
            "expected an offset of a partition that exists, but there is no "
                + partition.topic()
                + "-"
                + partition.partition());
  }

  @Override
  public CompletableFuture<List<GroupOffset>> committed(
      Caller caller, GroupMember member, @Nullable List<NamedPartition> partitions) {
    return coordinated(member.groupId(), () -> here.committed(caller, member, partitions));
  }

  private <T> CompletableFuture<T> coordinated(
      String groupId, Supplier<CompletableFuture<T>> question) {
    if (groupId.isEmpty()) {
      return CompletableFuture.failedFuture(
          new JangadaException(
              ErrorCode.INVALID_REQUEST, "expected the id of a group, but it is missing"));
    }
    return directory
        .coordinatorOf(groupId)
        .copy()
        .orTimeout(CREATION_PATIENCE_MS, TimeUnit.MILLISECONDS)
        .exceptionally(
            failure -> {
              throw failure instanceof TimeoutException ? stillCreating() : asIs(failure);
            })
        .thenCompose(
            coordinator ->
                coordinator == brokerId
                    ? question.get().exceptionallyCompose(CoordinatedGroups::notYet)
                    : CompletableFuture.failedFuture(elsewhere(groupId, coordinator)));
  }

  private static <T> CompletableFuture<T> notYet(Throwable failure) {
    Throwable cause = cause(failure);
    return CompletableFuture.failedFuture(
        cause instanceof JangadaException typed && typed.code() == ErrorCode.NOT_COORDINATOR
            // The metadata is ahead of the coordinator or behind it; either catches up soon.
            ? new JangadaException(
                ErrorCode.COORDINATOR_LOADING,
                "expected to coordinate the group, as the metadata says, but it is not that far"
                    + " yet",
                "try again",
                true,
                typed)
            : cause);
  }

  private JangadaException elsewhere(String groupId, int coordinator) {
    BrokerRegistration broker = metadata.image().broker(coordinator);
    return broker == null
        ? new JangadaException(
            ErrorCode.LEADER_NOT_AVAILABLE,
            "expected to know where broker "
                + coordinator
                + " is, which coordinates group '"
                + groupId
                + "', but it is not registered")
        : new NotCoordinatorException(
            groupId, brokerId, coordinator, broker.profile().endpoints().grpc());
  }

  private static JangadaException stillCreating() {
    return new JangadaException(
        ErrorCode.COORDINATOR_LOADING,
        "expected the topic of the groups to be created by now, but it is not",
        "try again");
  }

  private static RuntimeException asIs(Throwable failure) {
    Throwable cause = cause(failure);
    return cause instanceof RuntimeException unchecked ? unchecked : new CompletionException(cause);
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
