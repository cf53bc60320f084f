// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.AdminServiceGrpc;
import io.jangada.api.v1.AlterGroupOffsetsRequest;
import io.jangada.api.v1.AlterGroupOffsetsResponse;
import io.jangada.api.v1.DeleteGroupResult;
import io.jangada.api.v1.DeleteGroupsRequest;
import io.jangada.api.v1.DeleteGroupsResponse;
import io.jangada.api.v1.DescribeGroupsRequest;
import io.jangada.api.v1.DescribeGroupsResponse;
import io.jangada.api.v1.Error;
import io.jangada.api.v1.GroupDescription;
import io.jangada.api.v1.GroupListing;
import io.jangada.api.v1.ListGroupsRequest;
import io.jangada.api.v1.ListGroupsResponse;
import io.jangada.broker.forward.Peers;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.GroupDirectory;
import io.jangada.broker.service.InternalTopics;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.groups.GroupAdmin;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.TopicImage;
import io.jangada.wire.WireErrors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the admin service answers about consumer groups: each is asked about where it is
 * coordinated, which may be here. Thread-safe.
 */
public final class GroupCalls {
  /** A coordinator that takes longer is reported as not answering. */
  private static final long TIMEOUT_MS = 10_000;

  private final int brokerId;
  private final ClusterMetadata metadata;
  private final GroupDirectory directory;
  private final @Nullable LocalGroups here;
  private final Peers peers;

  /**
   * Asks here or elsewhere.
   *
   * @param here the groups that are coordinated here; null where none ever are
   */
  public GroupCalls(
      int brokerId,
      ClusterMetadata metadata,
      GroupDirectory directory,
      @Nullable LocalGroups here,
      Peers peers) {
    this.brokerId = brokerId;
    this.metadata = metadata;
    this.directory = directory;
    this.here = here;
    this.peers = peers;
  }

  CompletableFuture<ListGroupsResponse> list(ListGroupsRequest request) {
    if (request.getLocalOnly()) {
      return here == null
          ? CompletableFuture.completedFuture(ListGroupsResponse.getDefaultInstance())
          : here.list();
    }
    return everywhere(
            LocalGroups::list,
            AdminServiceGrpc.getListGroupsMethod(),
            ListGroupsRequest.newBuilder().setLocalOnly(true).build())
        .thenApply(
            all ->
                ListGroupsResponse.newBuilder()
                    .addAllGroups(
                        all.answers().stream()
                            .flatMap(answer -> answer.getGroupsList().stream())
                            .sorted(Comparator.comparing(GroupListing::getGroupId))
                            .toList())
                    .addAllErrors(all.errors())
                    .build());
  }

  CompletableFuture<DescribeGroupsResponse> describe(DescribeGroupsRequest request) {
    if (request.getGroupIdsCount() > 0) {
      return join(request.getGroupIdsList().stream()
              .map(groupId -> describe(groupId, request))
              .toList())
          .thenApply(groups -> DescribeGroupsResponse.newBuilder().addAllGroups(groups).build());
    }
    if (request.getLocalOnly()) {
      return here == null
          ? CompletableFuture.completedFuture(DescribeGroupsResponse.getDefaultInstance())
          : describeAllHere(here, request);
    }
    return everywhere(
            local -> describeAllHere(local, request),
            AdminServiceGrpc.getDescribeGroupsMethod(),
            request.toBuilder().setLocalOnly(true).build())
        .thenApply(
            all ->
                DescribeGroupsResponse.newBuilder()
                    .addAllGroups(
                        all.answers().stream()
                            .flatMap(answer -> answer.getGroupsList().stream())
                            .sorted(Comparator.comparing(GroupDescription::getGroupId))
                            .toList())
                    .addAllErrors(all.errors())
                    .build());
  }

  private CompletableFuture<DescribeGroupsResponse> describeAllHere(
      LocalGroups local, DescribeGroupsRequest request) {
    return local
        .list()
        .thenCompose(
            listed ->
                join(
                    listed.getGroupsList().stream()
                        .map(
                            group ->
                                described(
                                    group.getGroupId(),
                                    local.describe(group.getGroupId(), request.getStuckAfterMs())))
                        .toList()))
        .thenApply(groups -> DescribeGroupsResponse.newBuilder().addAllGroups(groups).build());
  }

  private CompletableFuture<GroupDescription> describe(
      String groupId, DescribeGroupsRequest request) {
    return described(
        groupId,
        one(
            groupId,
            request.getLocalOnly(),
            local -> local.describe(groupId, request.getStuckAfterMs()),
            coordinator ->
                ask(
                        coordinator,
                        AdminServiceGrpc.getDescribeGroupsMethod(),
                        request.toBuilder()
                            .clearGroupIds()
                            .addGroupIds(groupId)
                            .setLocalOnly(true)
                            .build(),
                        true)
                    .thenApply(response -> response.getGroups(0))));
  }

  private static CompletableFuture<GroupDescription> described(
      String groupId, CompletableFuture<GroupDescription> description) {
    return description.exceptionally(
        failure ->
            GroupDescription.newBuilder()
                .setGroupId(groupId)
                .setError(Failures.toError(failure))
                .build());
  }

  CompletableFuture<DeleteGroupsResponse> delete(DeleteGroupsRequest request) {
    return join(request.getGroupIdsList().stream()
            .map(groupId -> delete(groupId, request))
            .toList())
        .thenApply(results -> DeleteGroupsResponse.newBuilder().addAllResults(results).build());
  }

  private CompletableFuture<DeleteGroupResult> delete(String groupId, DeleteGroupsRequest request) {
    return one(
            groupId,
            request.getLocalOnly(),
            local -> local.delete(groupId, request.getValidateOnly()),
            coordinator ->
                ask(
                        coordinator,
                        AdminServiceGrpc.getDeleteGroupsMethod(),
                        request.toBuilder()
                            .clearGroupIds()
                            .addGroupIds(groupId)
                            .setLocalOnly(true)
                            .build(),
                        request.getValidateOnly())
                    .thenApply(response -> response.getResults(0)))
        .exceptionally(
            failure ->
                DeleteGroupResult.newBuilder()
                    .setGroupId(groupId)
                    .setError(Failures.toError(failure))
                    .build());
  }

  CompletableFuture<AlterGroupOffsetsResponse> alterOffsets(AlterGroupOffsetsRequest request) {
    return at(
        directory.coordinatorOf(request.getGroupId()),
        request.getGroupId(),
        request.getLocalOnly(),
        local -> local.alterOffsets(request),
        coordinator ->
            ask(
                coordinator,
                AdminServiceGrpc.getAlterGroupOffsetsMethod(),
                request.toBuilder().setLocalOnly(true).build(),
                request.getValidateOnly()));
  }

  /** Asks about a group that exists, if there are any. */
  private <T> CompletableFuture<T> one(
      String groupId,
      boolean localOnly,
      Function<LocalGroups, CompletableFuture<T>> locally,
      IntFunction<CompletableFuture<T>> remotely) {
    if (metadata.image().topic(InternalTopics.OFFSETS) == null) {
      return CompletableFuture.failedFuture(GroupAdmin.notFound(groupId));
    }
    return at(directory.coordinatorOf(groupId), groupId, localOnly, locally, remotely);
  }

  private <T> CompletableFuture<T> at(
      CompletableFuture<Integer> coordinator,
      String groupId,
      boolean localOnly,
      Function<LocalGroups, CompletableFuture<T>> locally,
      IntFunction<CompletableFuture<T>> remotely) {
    return coordinator.thenCompose(
        broker -> {
          if (broker == brokerId && here != null) {
            return locally.apply(here);
          }
          return localOnly
              ? CompletableFuture.failedFuture(notHere(groupId, broker))
              : remotely.apply(broker);
        });
  }

  private JangadaException notHere(String groupId, int coordinator) {
    return new JangadaException(
        ErrorCode.NOT_COORDINATOR,
        "expected broker %d to coordinate group '%s', but broker %d does"
            .formatted(brokerId, groupId, coordinator),
        "ask again");
  }

  /** What came of asking every coordinator. */
  private record All<T>(List<T> answers, List<Error> errors) {}

  private <Q, A> CompletableFuture<All<A>> everywhere(
      Function<LocalGroups, CompletableFuture<A>> locally,
      MethodDescriptor<Q, A> method,
      Q question) {
    List<Error> errors = Collections.synchronizedList(new ArrayList<>());
    List<CompletableFuture<Optional<A>>> asked = new ArrayList<>();
    for (int coordinator : coordinators(errors)) {
      CompletableFuture<A> answer =
          coordinator == brokerId && here != null
              ? locally.apply(here)
              : ask(coordinator, method, question, true);
      asked.add(
          answer
              .thenApply(Optional::of)
              .exceptionally(
                  failure -> {
                    errors.add(Failures.toError(failure));
                    return Optional.empty();
                  }));
    }
    return join(asked)
        .thenApply(
            answers ->
                new All<>(
                    answers.stream().flatMap(Optional::stream).toList(), List.copyOf(errors)));
  }

  /** Who leads a partition of the offsets; where nobody does, groups cannot be asked about. */
  private Set<Integer> coordinators(List<Error> errors) {
    Set<Integer> coordinators = new TreeSet<>();
    TopicImage topic = metadata.image().topic(InternalTopics.OFFSETS);
    if (topic == null) {
      return coordinators;
    }
    int leaderless = 0;
    for (PartitionRegistration partition : topic.partitions().values()) {
      if (partition.hasLeader()) {
        coordinators.add(partition.leader());
      } else {
        leaderless++;
      }
    }
    if (leaderless > 0) {
      errors.add(
          Failures.toError(
              new JangadaException(
                  ErrorCode.LEADER_NOT_AVAILABLE,
                  "expected every partition of %s to have a leader, but %d of %d have none: groups may be missing"
                      .formatted(topic.name(), leaderless, topic.partitions().size()),
                  "start the brokers that hold them")));
    }
    return coordinators;
  }

  private <Q, A> CompletableFuture<A> ask(
      int coordinator, MethodDescriptor<Q, A> method, Q question, boolean harmless) {
    Optional<Channel> channel = peers.channelTo(coordinator);
    if (channel.isEmpty()) {
      return CompletableFuture.failedFuture(
          new JangadaException(
              ErrorCode.UNAVAILABLE,
              "expected the address of broker " + coordinator + ", but it is not known here",
              "ask again"));
    }
    CompletableFuture<A> answer = new CompletableFuture<>();
    ClientCalls.asyncUnaryCall(
        channel
            .get()
            .newCall(
                method, CallOptions.DEFAULT.withDeadlineAfter(TIMEOUT_MS, TimeUnit.MILLISECONDS)),
        question,
        new OnlyAnswer<>(answer));
    return answer.exceptionallyCompose(
        failure ->
            CompletableFuture.failedFuture(
                WireErrors.fromCall(failure, "broker " + coordinator, !harmless)));
  }

  /** Completes a future with the one answer of a call. */
  private record OnlyAnswer<T>(CompletableFuture<T> answer) implements StreamObserver<T> {
    @Override
    public void onNext(T value) {
      answer.complete(value);
    }

    @Override
    public void onError(Throwable failure) {
      answer.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      // The answer came before.
    }
  }

  private static <T> CompletableFuture<List<T>> join(List<CompletableFuture<T>> each) {
    return CompletableFuture.allOf(each.toArray(CompletableFuture<?>[]::new))
        .thenApply(all -> each.stream().map(CompletableFuture::join).toList());
  }
}
