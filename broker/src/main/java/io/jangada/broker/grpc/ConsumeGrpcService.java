// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.ConsumeRequest;
import io.jangada.api.v1.ConsumeResponse;
import io.jangada.api.v1.ConsumeServiceGrpc;
import io.jangada.api.v1.ListOffsetsRequest;
import io.jangada.api.v1.ListOffsetsResponse;
import io.jangada.api.v1.OffsetQuery;
import io.jangada.api.v1.OffsetResult;
import io.jangada.broker.forward.Forwarder;
import io.jangada.broker.service.FetchService;
import io.jangada.broker.service.NotLeaderException;
import io.jangada.broker.service.OffsetService;
import io.jangada.broker.service.OffsetService.ListedOffset;
import io.jangada.broker.service.PartitionRef;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** jangada.v1.ConsumeService. */
public final class ConsumeGrpcService extends ConsumeServiceGrpc.ConsumeServiceImplBase {
  private static final long NONE = -1;

  private final FetchService fetches;
  private final OffsetService offsets;
  private final Forwarder forwarder;
  private final ConsumeLimits limits;
  private final Executor sessions;

  /**
   * Serves readers within the limits; passes on where a client asks for it.
   *
   * @param sessions where the streams' state is worked on
   */
  public ConsumeGrpcService(
      FetchService fetches,
      OffsetService offsets,
      Forwarder forwarder,
      ConsumeLimits limits,
      Executor sessions) {
    this.fetches = fetches;
    this.offsets = offsets;
    this.forwarder = forwarder;
    this.limits = limits;
    this.sessions = sessions;
  }

  @Override
  public StreamObserver<ConsumeRequest> consume(StreamObserver<ConsumeResponse> responses) {
    return new ConsumeSession(
        fetches,
        forwarder,
        limits,
        sessions,
        (ServerCallStreamObserver<ConsumeResponse>) responses);
  }

  @Override
  public void listOffsets(
      ListOffsetsRequest request, StreamObserver<ListOffsetsResponse> responses) {
    List<CompletableFuture<OffsetResult>> results =
        request.getQueriesList().stream()
            .map(query -> listOffset(query, request.getForward()))
            .toList();
    var unused =
        CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new))
            .thenRun(
                () -> {
                  responses.onNext(
                      ListOffsetsResponse.newBuilder()
                          .addAllResults(results.stream().map(CompletableFuture::join).toList())
                          .build());
                  responses.onCompleted();
                });
  }

  private CompletableFuture<OffsetResult> listOffset(OffsetQuery query, boolean forward) {
    return find(query)
        .thenApply(
            found ->
                OffsetResult.newBuilder()
                    .setOffset(found.offset())
                    .setTimestampMs(found.timestampMs())
                    .setLeaderEpoch(found.leaderEpoch())
                    .build())
        .exceptionallyCompose(
            failure ->
                (forward ? Failures.leaderElsewhere(failure) : Optional.<NotLeaderException>empty())
                    .map(elsewhere -> forwarder.offset(elsewhere, query))
                    .orElseGet(() -> CompletableFuture.failedFuture(failure)))
        .exceptionally(
            failure ->
                OffsetResult.newBuilder()
                    .setOffset(NONE)
                    .setTimestampMs(NONE)
                    .setError(Failures.toError(failure))
                    .build());
  }

  private CompletableFuture<ListedOffset> find(OffsetQuery query) {
    try {
      PartitionRef partition = WireRefs.partition(query.getTopic(), query.getPartition());
      return switch (query.getAtCase()) {
        case TIMESTAMP_MS ->
            offsets.atTimestamp(partition, query.getTimestampMs(), OffsetService.ANY_EPOCH);
        case POSITION ->
            switch (query.getPosition()) {
              case OFFSET_POSITION_BEGINNING ->
                  offsets.beginning(partition, OffsetService.ANY_EPOCH);
              case OFFSET_POSITION_END -> offsets.end(partition, OffsetService.ANY_EPOCH);
              case OFFSET_POSITION_UNSPECIFIED, UNRECOGNIZED -> throw noPosition(query);
            };
        case AT_NOT_SET -> throw noPosition(query);
      };
    } catch (JangadaException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  private static JangadaException noPosition(OffsetQuery query) {
    return new JangadaException(
        ErrorCode.INVALID_REQUEST,
        "expected beginning, end or a timestamp to look for, but got '" + query.getAtCase() + "'");
  }
}
