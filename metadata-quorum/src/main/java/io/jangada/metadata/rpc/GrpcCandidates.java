// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.Uuids;
import io.jangada.internal.v1.DescribeCandidateRequest;
import io.jangada.internal.v1.DescribeCandidateResponse;
import io.jangada.internal.v1.QuorumServiceGrpc;
import io.jangada.wire.WireErrors;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks nodes that are to become members what they are. Thread-safe. */
public final class GrpcCandidates {
  private static final long DEADLINE_MS = 3_000;

  private final UUID clusterId;

  /**
   * What a node says of itself.
   *
   * @param nodeId its id
   * @param directoryId the identity of its disk
   * @param waiting whether it waits to be added
   */
  public record Candidate(int nodeId, UUID directoryId, boolean waiting) {}

  /** Asks in the name of a cluster. */
  public GrpcCandidates(UUID clusterId) {
    this.clusterId = clusterId;
  }

  /**
   * Asks the node at an address; never blocks.
   *
   * @return fails with a JangadaException: UNSAFE if it does not answer, INCONSISTENT_CLUSTER_ID if
   *     it is of another cluster
   */
  public CompletableFuture<Candidate> ask(String grpcAddress) {
    CompletableFuture<Candidate> promise = new CompletableFuture<>();
    ManagedChannel channel =
        NettyChannelBuilder.forTarget(grpcAddress).usePlaintext().directExecutor().build();
    QuorumServiceGrpc.newStub(channel)
        .withDeadlineAfter(DEADLINE_MS, TimeUnit.MILLISECONDS)
        .describeCandidate(
            DescribeCandidateRequest.newBuilder().setClusterId(clusterId.toString()).build(),
            new StreamObserver<>() {
              @Override
              public void onNext(DescribeCandidateResponse response) {
                if (response.hasError()) {
                  promise.completeExceptionally(WireErrors.fromWire(response.getError()));
                } else {
                  promise.complete(
                      new Candidate(
                          response.getNodeId(),
                          Uuids.fromBytes(response.getDirectoryId()),
                          response.getWaiting()));
                }
              }

              @Override
              public void onError(Throwable error) {
                promise.completeExceptionally(
                    silent(WireErrors.fromCall(error, grpcAddress, true)));
              }

              @Override
              public void onCompleted() {
                promise.completeExceptionally(
                    silent(
                        new JangadaException(
                            ErrorCode.INTERNAL,
                            "expected an answer from " + grpcAddress + ", but got none")));
              }
            });
    return promise.whenComplete((candidate, error) -> channel.shutdownNow());
  }

  private static JangadaException silent(JangadaException cause) {
    return new JangadaException(
        ErrorCode.UNSAFE,
        String.valueOf(cause.getMessage()),
        "a node must run and be reached by the quorum's leader before it is added: its role is"
            + " quorum, and it waits",
        true,
        cause);
  }
}
