// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.transport;

import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.jangada.common.TopicIdPartition;
import io.jangada.internal.v1.DeleteReplicaRecordsRequest;
import io.jangada.internal.v1.DeleteReplicaRecordsResponse;
import io.jangada.internal.v1.DescribeReplicasRequest;
import io.jangada.internal.v1.DescribeReplicasResponse;
import io.jangada.internal.v1.ReplicationServiceGrpc;
import io.jangada.replication.loop.EventLoop;
import io.jangada.replication.metrics.ReplicationMetrics;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** What other brokers call: the leader's ends of the streams. Thread-safe. */
public final class PushService {
  private final EventLoop loop;
  private final Function<TopicIdPartition, Optional<? extends PushedPartition>> partitions;
  private final ReplicationMetrics metrics;
  private final Set<PushStream> streams = ConcurrentHashMap.newKeySet();

  /**
   * The service.
   *
   * @param loop on which the streams live
   * @param partitions the replicas of this broker
   */
  public PushService(
      EventLoop loop,
      Function<TopicIdPartition, Optional<? extends PushedPartition>> partitions,
      ReplicationMetrics metrics) {
    this.loop = loop;
    this.partitions = partitions;
    this.metrics = metrics;
    metrics.gauge(
        "jangada_replication_unacknowledged_bytes",
        "Batch bytes pushed to followers for which credit has not come back.",
        () -> streams.stream().mapToLong(PushStream::unacknowledgedBytes).sum());
  }

  /**
   * For the gRPC server.
   *
   * @param describe answers DescribeReplicas; must not block
   * @param delete answers DeleteRecords; never completes exceptionally
   */
  public ServerServiceDefinition definition(
      Function<DescribeReplicasRequest, DescribeReplicasResponse> describe,
      Function<DeleteReplicaRecordsRequest, CompletableFuture<DeleteReplicaRecordsResponse>>
          delete) {
    ServiceDescriptor generated = ReplicationServiceGrpc.getServiceDescriptor();
    ServiceDescriptor descriptor =
        ServiceDescriptor.newBuilder(generated.getName())
            .setSchemaDescriptor(generated.getSchemaDescriptor())
            .addMethod(ReplicateMethod.DESCRIPTOR)
            .addMethod(ReplicationServiceGrpc.getDescribeReplicasMethod())
            .addMethod(ReplicationServiceGrpc.getDeleteRecordsMethod())
            .build();
    return ServerServiceDefinition.builder(descriptor)
        .addMethod(
            ReplicateMethod.DESCRIPTOR,
            (call, headers) -> {
              PushStream stream = new PushStream(loop, call, partitions, metrics, streams);
              stream.begin();
              return stream;
            })
        .addMethod(
            ReplicationServiceGrpc.getDescribeReplicasMethod(),
            ServerCalls.asyncUnaryCall(
                (request, answer) -> {
                  answer.onNext(describe.apply(request));
                  answer.onCompleted();
                }))
        .addMethod(
            ReplicationServiceGrpc.getDeleteRecordsMethod(),
            ServerCalls.asyncUnaryCall(
                (request, answer) -> {
                  var unused =
                      delete
                          .apply(request)
                          .thenAccept(
                              response -> {
                                answer.onNext(response);
                                answer.onCompleted();
                              });
                }))
        .build();
  }

  /** Ends all streams. */
  public void close() {
    streams.forEach(
        stream ->
            stream.shutDown(Status.UNAVAILABLE.withDescription("the broker is shutting down")));
  }
}
