// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.GetMetadataRequest;
import io.jangada.api.v1.MetadataServiceGrpc;
import io.jangada.api.v1.MetadataSnapshot;
import io.jangada.broker.service.ClusterMetadata;
import java.util.concurrent.Executor;

/** jangada.v1.MetadataService. */
public final class MetadataGrpcService extends MetadataServiceGrpc.MetadataServiceImplBase {
  private final ClusterMetadata metadata;
  private final Executor watchers;

  /**
   * Serves what the broker knows.
   *
   * @param watchers where snapshots for watching clients are built
   */
  public MetadataGrpcService(ClusterMetadata metadata, Executor watchers) {
    this.metadata = metadata;
    this.watchers = watchers;
  }

  @Override
  public void getMetadata(GetMetadataRequest request, StreamObserver<MetadataSnapshot> responses) {
    responses.onNext(WireMetadata.snapshot(metadata.image(), request.getTopicsList()));
    responses.onCompleted();
  }

  @Override
  public void watchMetadata(
      GetMetadataRequest request, StreamObserver<MetadataSnapshot> responses) {
    new MetadataWatch(
            metadata, request, watchers, (ServerCallStreamObserver<MetadataSnapshot>) responses)
        .start();
  }
}
