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
import io.jangada.broker.service.FetchService;
import io.jangada.broker.service.OffsetService;
import io.jangada.broker.service.OffsetService.ListedOffset;
import io.jangada.broker.service.PartitionRef;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.util.concurrent.Executor;

/** jangada.v1.ConsumeService. */
public final class ConsumeGrpcService extends ConsumeServiceGrpc.ConsumeServiceImplBase {
  private static final long NONE = -1;

  private final FetchService fetches;
  private final OffsetService offsets;
  private final ConsumeLimits limits;
  private final Executor readers;

  /**
   * Serves readers within the limits.
   *
   * @param readers platform threads that may read files
   */
  public ConsumeGrpcService(
      FetchService fetches, OffsetService offsets, ConsumeLimits limits, Executor readers) {
    this.fetches = fetches;
    this.offsets = offsets;
    this.limits = limits;
    this.readers = readers;
  }

  @Override
  public StreamObserver<ConsumeRequest> consume(StreamObserver<ConsumeResponse> responses) {
    return new ConsumeSession(
        fetches, limits, readers, (ServerCallStreamObserver<ConsumeResponse>) responses);
  }

  @Override
  public void listOffsets(
      ListOffsetsRequest request, StreamObserver<ListOffsetsResponse> responses) {
    ListOffsetsResponse.Builder answer = ListOffsetsResponse.newBuilder();
    for (OffsetQuery query : request.getQueriesList()) {
      answer.addResults(listOffset(query));
    }
    responses.onNext(answer.build());
    responses.onCompleted();
  }

  private OffsetResult listOffset(OffsetQuery query) {
    try {
      PartitionRef partition = WireRefs.partition(query.getTopic(), query.getPartition());
      ListedOffset found =
          switch (query.getAtCase()) {
            case TIMESTAMP_MS -> offsets.atTimestamp(partition, query.getTimestampMs());
            case POSITION ->
                switch (query.getPosition()) {
                  case OFFSET_POSITION_BEGINNING -> offsets.beginning(partition);
                  case OFFSET_POSITION_END -> offsets.end(partition);
                  case OFFSET_POSITION_UNSPECIFIED, UNRECOGNIZED -> throw noPosition(query);
                };
            case AT_NOT_SET -> throw noPosition(query);
          };
      return OffsetResult.newBuilder()
          .setOffset(found.offset())
          .setTimestampMs(found.timestampMs())
          .setLeaderEpoch(found.leaderEpoch())
          .build();
    } catch (JangadaException refused) {
      return OffsetResult.newBuilder()
          .setOffset(NONE)
          .setTimestampMs(NONE)
          .setError(Failures.toError(refused))
          .build();
    }
  }

  private static JangadaException noPosition(OffsetQuery query) {
    return new JangadaException(
        ErrorCode.INVALID_REQUEST,
        "expected beginning, end or a timestamp to look for, but got '" + query.getAtCase() + "'");
  }
}
