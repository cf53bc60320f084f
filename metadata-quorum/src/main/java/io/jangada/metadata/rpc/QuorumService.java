// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.DescribeQuorumResponse;
import io.jangada.api.v1.LeaderHint;
import io.jangada.api.v1.QuorumMember;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.Uuids;
import io.jangada.internal.v1.AlterQuorumRequest;
import io.jangada.internal.v1.AlterQuorumResponse;
import io.jangada.internal.v1.DescribeCandidateRequest;
import io.jangada.internal.v1.DescribeCandidateResponse;
import io.jangada.internal.v1.DescribeMembersRequest;
import io.jangada.internal.v1.DescribeMembersResponse;
import io.jangada.internal.v1.Heartbeat;
import io.jangada.internal.v1.HeartbeatAnswer;
import io.jangada.internal.v1.MembershipCheckRequest;
import io.jangada.internal.v1.MembershipCheckResponse;
import io.jangada.internal.v1.MetadataEvent;
import io.jangada.internal.v1.QuorumServiceGrpc;
import io.jangada.internal.v1.SubmitRequest;
import io.jangada.internal.v1.SubmitResponse;
import io.jangada.internal.v1.SubscribeRequest;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.MetadataCodec;
import io.jangada.metadata.ratis.LogView;
import io.jangada.wire.WireErrors;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC service of a member. Every error travels inside the answer, with a hint at the leader
 * where the question was for the controller.
 */
public final class QuorumService extends QuorumServiceGrpc.QuorumServiceImplBase {
  private final MemberEndpoint member;
  private final ControllerEndpoint controller;
  private final AtomicLong streams = new AtomicLong();

  /** Serves one member. */
  public QuorumService(MemberEndpoint member, ControllerEndpoint controller) {
    this.member = member;
    this.controller = controller;
  }

  @Override
  public void membershipCheck(
      MembershipCheckRequest request, StreamObserver<MembershipCheckResponse> responses) {
    MembershipCheckResponse.Builder response =
        MembershipCheckResponse.newBuilder()
            .setNodeId(member.nodeId())
            .setDirectoryId(Uuids.toBytes(member.directoryId()));
    try {
      requireCluster(request.getClusterId());
      member
          .admit(
              request.getNodeId(), Uuids.fromBytes(request.getDirectoryId()), request.getAnnounce())
          .ifPresent(refusal -> response.setRefusal(WireErrors.toWire(refusal)));
    } catch (JangadaException e) {
      response.setRefusal(WireErrors.toWire(e));
    }
    responses.onNext(response.build());
    responses.onCompleted();
  }

  @Override
  public void submit(SubmitRequest request, StreamObserver<SubmitResponse> responses) {
    ControllerRequest decoded;
    try {
      requireCluster(request.getClusterId());
      decoded = MetadataCodec.decodeRequest(request.getRequest().toByteArray());
    } catch (JangadaException e) {
      answer(responses, null, e);
      return;
    }
    var unused =
        controller
            .submit(decoded)
            .whenComplete((answer, error) -> answer(responses, answer, error));
  }

  private void answer(
      StreamObserver<SubmitResponse> responses,
      @Nullable ControllerAnswer answer,
      @Nullable Throwable error) {
    SubmitResponse.Builder response = SubmitResponse.newBuilder();
    if (answer != null) {
      response.setResponse(
          com.google.protobuf.UnsafeByteOperations.unsafeWrap(MetadataCodec.encodeAnswer(answer)));
    } else {
      response.setError(error(typed(error)));
    }
    responses.onNext(response.build());
    responses.onCompleted();
  }

  @Override
  public StreamObserver<Heartbeat> session(StreamObserver<HeartbeatAnswer> responses) {
    return new SessionStream(
        streams.incrementAndGet(),
        this,
        controller,
        (ServerCallStreamObserver<HeartbeatAnswer>) responses);
  }

  @Override
  public void subscribe(SubscribeRequest request, StreamObserver<MetadataEvent> responses) {
    SubscriberStream stream =
        new SubscriberStream((ServerCallStreamObserver<MetadataEvent>) responses);
    try {
      requireCluster(request.getClusterId());
      stream.start(member, request.getFromIndex(), historyOf(request));
    } catch (JangadaException e) {
      stream.failed(e);
    }
  }

  private static Optional<UUID> historyOf(SubscribeRequest request) {
    try {
      return request.getHistoryId().isEmpty()
          ? Optional.empty()
          : Optional.of(UUID.fromString(request.getHistoryId()));
    } catch (IllegalArgumentException e) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected a history's id, but got '" + request.getHistoryId() + "'",
          "",
          true,
          e);
    }
  }

  @Override
  public void describeQuorum(
      DescribeMembersRequest request, StreamObserver<DescribeMembersResponse> responses) {
    DescribeMembersResponse.Builder response = DescribeMembersResponse.newBuilder();
    try {
      requireCluster(request.getClusterId());
      LogView view = member.view().orElseThrow(QuorumService::notStarted);
      if (view.leaderId() == member.nodeId()) {
        response.setQuorum(describe(view));
      } else {
        response.setQuorum(describe(view)).setError(error(notController()));
      }
    } catch (JangadaException e) {
      response.setError(error(e));
    }
    responses.onNext(response.build());
    responses.onCompleted();
  }

  @Override
  public void alterQuorum(
      AlterQuorumRequest request, StreamObserver<AlterQuorumResponse> responses) {
    QuorumAlterationCodec.Asked asked;
    try {
      requireCluster(request.getClusterId());
      asked = QuorumAlterationCodec.fromWire(request);
    } catch (JangadaException e) {
      answer(responses, AlterQuorumResponse.newBuilder().setError(error(e)).build());
      return;
    }
    var unused =
        member
            .alter(asked.change(), asked.validateOnly())
            .whenComplete(
                (done, error) ->
                    answer(
                        responses,
                        done != null
                            ? QuorumAlterationCodec.toWire(asked.change(), done)
                            : AlterQuorumResponse.newBuilder()
                                .setError(error(typed(error)))
                                .build()));
  }

  private static <T> void answer(StreamObserver<T> responses, T response) {
    responses.onNext(response);
    responses.onCompleted();
  }

  @Override
  public void describeCandidate(
      DescribeCandidateRequest request, StreamObserver<DescribeCandidateResponse> responses) {
    DescribeCandidateResponse.Builder response = DescribeCandidateResponse.newBuilder();
    try {
      requireCluster(request.getClusterId());
      response
          .setNodeId(member.nodeId())
          .setDirectoryId(Uuids.toBytes(member.directoryId()))
          .setWaiting(member.waiting());
    } catch (JangadaException e) {
      response.setError(error(e));
    }
    answer(responses, response.build());
  }

  private DescribeQuorumResponse describe(LogView view) {
    DescribeQuorumResponse.Builder quorum =
        DescribeQuorumResponse.newBuilder()
            .setClusterId(member.clusterId().toString())
            .setLeaderId(view.leaderId())
            .setTerm(view.term())
            .setControllerEpoch(member.controllerEpoch())
            .setFeatureLevel(member.featureLevel())
            .setCommittedIndex(view.committedIndex());
    for (LogView.MemberView seen : view.members()) {
      quorum.addMembers(
          QuorumMember.newBuilder()
              .setNodeId(seen.nodeId())
              .setAddress(seen.address())
              .setLeader(seen.nodeId() == view.leaderId())
              .setMatchIndex(seen.matchIndex())
              .setLastContactMs(seen.lastContactMs())
              .setGrpcAddress(member.grpcAddress(seen.nodeId()))
              .setDirectoryId(member.directoryId(seen)));
    }
    return quorum.build();
  }

  void requireCluster(String clusterId) {
    if (!clusterId.equals(member.clusterId().toString())) {
      throw new JangadaException(
          ErrorCode.INCONSISTENT_CLUSTER_ID,
          "expected a node of cluster " + member.clusterId() + ", but it is of " + clusterId,
          "correct the quorum addresses or the data directory of the calling node");
    }
  }

  /** The error with a hint at the leader where one is of use. */
  io.jangada.api.v1.Error error(JangadaException error) {
    Optional<LogView> view = member.view();
    if (error.code() != ErrorCode.NOT_CONTROLLER
        || view.isEmpty()
        || view.get().leaderId() < 0
        || view.get().leaderId() == member.nodeId()) {
      return WireErrors.toWire(error);
    }
    int leader = view.get().leaderId();
    return WireErrors.toWire(
        error,
        LeaderHint.newBuilder().setBrokerId(leader).setAddress(member.grpcAddress(leader)).build());
  }

  private JangadaException notController() {
    return new JangadaException(
        ErrorCode.NOT_CONTROLLER,
        "expected the controller, but node " + member.nodeId() + " does not lead the quorum");
  }

  static JangadaException notStarted() {
    return new JangadaException(
        ErrorCode.UNAVAILABLE,
        "expected a running member of the quorum, but it is starting",
        "try again");
  }

  static JangadaException typed(@Nullable Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    if (cause instanceof JangadaException typed) {
      return typed;
    }
    return new JangadaException(
        ErrorCode.INTERNAL, "expected an answer, but " + cause, "see the log", false, cause);
  }
}
