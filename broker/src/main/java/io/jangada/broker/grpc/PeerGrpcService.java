// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.internal.v1.AwaitMetadataRequest;
import io.jangada.internal.v1.AwaitMetadataResponse;
import io.jangada.internal.v1.PeerServiceGrpc;

/** jangada.internal.v1.PeerService. */
public final class PeerGrpcService extends PeerServiceGrpc.PeerServiceImplBase {
  private final ClusterMetadata metadata;

  /** Serves what this node knows of its cluster. */
  public PeerGrpcService(ClusterMetadata metadata) {
    this.metadata = metadata;
  }

  @Override
  public void awaitMetadata(
      AwaitMetadataRequest request, StreamObserver<AwaitMetadataResponse> responses) {
    String clusterId = String.valueOf(metadata.image().cluster().clusterId());
    if (!request.getClusterId().equals(clusterId)) {
      responses.onError(
          Failures.toStatus(
              new JangadaException(
                  ErrorCode.INCONSISTENT_CLUSTER_ID,
                  "expected a node of cluster "
                      + clusterId
                      + ", but it is of "
                      + request.getClusterId())));
      return;
    }
    var call = (ServerCallStreamObserver<AwaitMetadataResponse>) responses;
    // Who has stopped to wait is not answered.
    call.setOnCancelHandler(() -> {});
    var unused =
        metadata
            .reached(request.getIndex())
            .thenRun(
                () -> {
                  if (!call.isCancelled()) {
                    call.onNext(
                        AwaitMetadataResponse.newBuilder()
                            .setIndex(metadata.image().index())
                            .build());
                    call.onCompleted();
                  }
                });
  }
}
