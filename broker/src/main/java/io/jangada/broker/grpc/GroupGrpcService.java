// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.grpc.MethodDescriptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.CommitOffsetResult;
import io.jangada.api.v1.CommitOffsetsRequest;
import io.jangada.api.v1.CommitOffsetsResponse;
import io.jangada.api.v1.Error;
import io.jangada.api.v1.FetchOffsetsRequest;
import io.jangada.api.v1.FetchOffsetsResponse;
import io.jangada.api.v1.GroupHeartbeatRequest;
import io.jangada.api.v1.GroupHeartbeatResponse;
import io.jangada.api.v1.GroupServiceGrpc;
import io.jangada.api.v1.LeaderHint;
import io.jangada.broker.forward.GroupForwarder;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.NotCoordinatorException;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.groups.GroupService;
import io.jangada.groups.GroupService.Caller;
import io.jangada.groups.GroupService.GroupOffset;
import io.jangada.groups.GroupService.NamedPartition;
import io.jangada.wire.WireErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/** jangada.v1.GroupService. */
public final class GroupGrpcService extends GroupServiceGrpc.GroupServiceImplBase {
  private static final Passing<GroupHeartbeatRequest, GroupHeartbeatResponse> HEARTBEAT =
      new Passing<>(
          GroupServiceGrpc.getHeartbeatMethod(),
          request -> request.toBuilder().setForward(false).build(),
          error -> GroupHeartbeatResponse.newBuilder().setError(error).build(),
          (answer, coordinator) -> answer.toBuilder().setCoordinator(coordinator).build());

  private static final Passing<CommitOffsetsRequest, CommitOffsetsResponse> COMMIT =
      new Passing<>(
          GroupServiceGrpc.getCommitOffsetsMethod(),
          request -> request.toBuilder().setForward(false).build(),
          error -> CommitOffsetsResponse.newBuilder().setError(error).build(),
          (answer, coordinator) -> answer.toBuilder().setCoordinator(coordinator).build());

  private static final Passing<FetchOffsetsRequest, FetchOffsetsResponse> FETCH =
      new Passing<>(
          GroupServiceGrpc.getFetchOffsetsMethod(),
          request -> request.toBuilder().setForward(false).build(),
          error -> FetchOffsetsResponse.newBuilder().setError(error).build(),
          (answer, coordinator) -> answer.toBuilder().setCoordinator(coordinator).build());

  private final ClusterMetadata metadata;
  private final GroupService groups;
  private final GroupForwarder forwarder;

  /**
   * How a call is passed on.
   *
   * @param once the request as the coordinator gets it
   * @param refusal the answer that is an error
   * @param via the coordinator's answer, with where it came from
   */
  private record Passing<Q, A>(
      MethodDescriptor<Q, A> method,
      Function<Q, Q> once,
      Function<Error, A> refusal,
      BiFunction<A, LeaderHint, A> via) {}

  /** Serves groups that are coordinated here; passes on where a client asks for it. */
  public GroupGrpcService(ClusterMetadata metadata, GroupService groups, GroupForwarder forwarder) {
    this.metadata = metadata;
    this.groups = groups;
    this.forwarder = forwarder;
  }

  /** The service, with what it has to know of calls. */
  public ServerServiceDefinition definition() {
    return ServerInterceptors.intercept(this, new CallerAddress());
  }

  @Override
  public void heartbeat(
      GroupHeartbeatRequest request, StreamObserver<GroupHeartbeatResponse> responses) {
    Caller caller = new Caller(request.getClientId(), CallerAddress.current());
    serve(
        HEARTBEAT,
        request,
        request.getForward(),
        () ->
            groups
                .heartbeat(caller, WireGroups.heartbeat(request, metadata.image()))
                .thenApply(membership -> WireGroups.membership(membership, metadata.image())),
        responses);
  }

  @Override
  public void commitOffsets(
      CommitOffsetsRequest request, StreamObserver<CommitOffsetsResponse> responses) {
    serve(COMMIT, request, request.getForward(), () -> commit(request), responses);
  }

  private CompletableFuture<CommitOffsetsResponse> commit(CommitOffsetsRequest request) {
    List<NamedPartition> partitions = new ArrayList<>();
    List<GroupOffset> offsets = new ArrayList<>();
    for (io.jangada.api.v1.GroupOffset each : request.getOffsetsList()) {
      if (each.getOffset() < 0) {
        throw new JangadaException(
            ErrorCode.INVALID_REQUEST,
            "expected an offset of 0 or more, but got " + each.getOffset());
      }
      NamedPartition partition =
          WireGroups.named(each.getTopic(), each.getPartition(), metadata.image());
      partitions.add(partition);
      offsets.add(
          new GroupOffset(
              partition,
              each.getOffset(),
              each.hasLeaderEpoch() ? each.getLeaderEpoch() : GroupService.NO_LEADER_EPOCH,
              each.getMetadata()));
    }
    Caller caller = new Caller("", CallerAddress.current());
    return groups
        .commit(caller, WireGroups.member(request.getMember()), offsets)
        .thenApply(refused -> committed(request, partitions, refused));
  }

  private static CommitOffsetsResponse committed(
      CommitOffsetsRequest request,
      List<NamedPartition> partitions,
      Map<NamedPartition, JangadaException> refused) {
    CommitOffsetsResponse.Builder response = CommitOffsetsResponse.newBuilder();
    for (int i = 0; i < partitions.size(); i++) {
      CommitOffsetResult.Builder result =
          CommitOffsetResult.newBuilder()
              .setTopic(request.getOffsets(i).getTopic())
              .setPartition(request.getOffsets(i).getPartition());
      JangadaException why = refused.get(partitions.get(i));
      if (why != null) {
        result.setError(WireErrors.toWire(why));
      }
      response.addResults(result);
    }
    return response.build();
  }

  @Override
  public void fetchOffsets(
      FetchOffsetsRequest request, StreamObserver<FetchOffsetsResponse> responses) {
    serve(FETCH, request, request.getForward(), () -> fetch(request), responses);
  }

  private CompletableFuture<FetchOffsetsResponse> fetch(FetchOffsetsRequest request) {
    List<NamedPartition> asked =
        request.hasPartitions()
            ? WireGroups.named(request.getPartitions(), metadata.image())
            : null;
    Caller caller = new Caller("", CallerAddress.current());
    return groups
        .committed(caller, WireGroups.member(request.getMember()), asked)
        .thenApply(committed -> WireGroups.offsets(committed, asked, metadata.image()));
  }

  private <Q, A> void serve(
      Passing<Q, A> passing,
      Q request,
      boolean forward,
      Supplier<CompletableFuture<A>> here,
      StreamObserver<A> responses) {
    CompletableFuture<A> answer;
    try {
      answer = here.get();
    } catch (JangadaException refused) {
      answer = CompletableFuture.failedFuture(refused);
    }
    var unused =
        answer
            .exceptionallyCompose(
                failure -> {
                  Optional<NotCoordinatorException> elsewhere =
                      forward ? Failures.coordinatorElsewhere(failure) : Optional.empty();
                  return elsewhere.isPresent()
                      ? forwarder
                          .ask(elsewhere.get(), passing.method(), passing.once().apply(request))
                          .thenApply(
                              told -> passing.via().apply(told, Failures.hint(elsewhere.get())))
                      : CompletableFuture.failedFuture(failure);
                })
            .exceptionally(failure -> passing.refusal().apply(Failures.toError(failure)))
            .thenAccept(
                told -> {
                  responses.onNext(told);
                  responses.onCompleted();
                });
  }
}
