// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.fake;

import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.CommitOffsetsRequest;
import io.jangada.api.v1.CommitOffsetsResponse;
import io.jangada.api.v1.Error;
import io.jangada.api.v1.FetchOffsetsRequest;
import io.jangada.api.v1.FetchOffsetsResponse;
import io.jangada.api.v1.GroupHeartbeatRequest;
import io.jangada.api.v1.GroupHeartbeatResponse;
import io.jangada.api.v1.GroupServiceGrpc;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.wire.WireErrors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Groups as one broker serves them: itself, by passing on, or not. */
final class FakeGroups extends GroupServiceGrpc.GroupServiceImplBase {
  private final FakeBroker broker;
  private final FakeCluster cluster;

  FakeGroups(FakeBroker broker, FakeCluster cluster) {
    this.broker = broker;
    this.cluster = cluster;
  }

  @Override
  public void heartbeat(GroupHeartbeatRequest request, StreamObserver<GroupHeartbeatResponse> out) {
    answer(
        out,
        () -> {
          Error refusal = refusal(request.getForward());
          if (refusal != null) {
            return GroupHeartbeatResponse.newBuilder().setError(refusal).build();
          }
          GroupHeartbeatResponse.Builder answer = cluster.groups().heartbeat(request);
          return (here() ? answer : answer.setCoordinator(cluster.hint(coordinator()))).build();
        });
  }

  @Override
  public void commitOffsets(
      CommitOffsetsRequest request, StreamObserver<CommitOffsetsResponse> out) {
    answer(
        out,
        () -> {
          Error refusal = refusal(request.getForward());
          if (refusal != null) {
            return CommitOffsetsResponse.newBuilder().setError(refusal).build();
          }
          CommitOffsetsResponse.Builder answer = cluster.groups().commit(request);
          return (here() ? answer : answer.setCoordinator(cluster.hint(coordinator()))).build();
        });
  }

  @Override
  public void fetchOffsets(FetchOffsetsRequest request, StreamObserver<FetchOffsetsResponse> out) {
    answer(
        out,
        () -> {
          Error refusal = refusal(request.getForward());
          if (refusal != null) {
            return FetchOffsetsResponse.newBuilder().setError(refusal).build();
          }
          FetchOffsetsResponse.Builder answer = cluster.groups().fetch(request);
          return (here() ? answer : answer.setCoordinator(cluster.hint(coordinator()))).build();
        });
  }

  private <A> void answer(StreamObserver<A> out, Supplier<A> answer) {
    if (broker.frozen) {
      return;
    }
    synchronized (cluster) {
      out.onNext(answer.get());
      out.onCompleted();
    }
  }

  private int coordinator() {
    return cluster.groups().coordinator();
  }

  private boolean here() {
    return coordinator() == broker.id();
  }

  private @Nullable Error refusal(boolean forward) {
    if (here()) {
      return null;
    }
    if (!forward) {
      return WireErrors.toWire(
          new JangadaException(ErrorCode.NOT_COORDINATOR, "expected another broker"),
          cluster.hint(coordinator()));
    }
    return cluster.runs(coordinator())
        ? null
        : WireErrors.toWire(
            new JangadaException(ErrorCode.NETWORK_ERROR, "expected the coordinator to answer"));
  }
}
