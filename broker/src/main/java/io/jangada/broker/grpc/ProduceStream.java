// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.ProduceRequest;
import io.jangada.api.v1.ProduceResponse;
import io.jangada.broker.forward.Forwarder;
import io.jangada.broker.service.AppendService;
import io.jangada.broker.service.AppendService.Appended;
import io.jangada.broker.service.NotLeaderException;
import io.jangada.broker.service.PartitionRef;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.record.RecordBatch;
import io.jangada.replication.core.Acks;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's pipelined appends. Requests come one at a time from gRPC; answers leave in the order
 * in which appends complete. While more than the limit is unanswered, no further request is read,
 * so that a fast client is slowed down by HTTP/2 instead of filling the broker's memory.
 */
final class ProduceStream implements StreamObserver<ProduceRequest> {
  private static final Logger log = LoggerFactory.getLogger(ProduceStream.class);
  private static final long NO_LOG_APPEND_TIME = -1;

  /** A client that waits longer has gone, and its batch's memory should be free. */
  private static final int MAX_TIMEOUT_MS = 300_000;

  private final AppendService appends;
  private final Forwarder forwarder;
  private final Supplier<ProduceLimits> limits;
  private final ServerCallStreamObserver<ProduceResponse> call;
  private final OrderedResponses<ProduceResponse> responses;
  private final AtomicLong inFlightBytes = new AtomicLong();
  private final AtomicBoolean readingPaused = new AtomicBoolean();
  private final Unanswered unanswered;

  ProduceStream(
      AppendService appends,
      Forwarder forwarder,
      Supplier<ProduceLimits> limits,
      ServerCallStreamObserver<ProduceResponse> call) {
    this.appends = appends;
    this.forwarder = forwarder;
    this.limits = limits;
    this.call = call;
    this.responses = new OrderedResponses<>(call);
    this.unanswered = new Unanswered(responses::complete);
    // With a handler set, gRPC drops answers to a client that has gone instead of throwing.
    call.setOnCancelHandler(() -> log.debug("A producer went away with requests unanswered"));
    call.disableAutoRequest();
    call.request(1);
  }

  @Override
  public void onNext(ProduceRequest request) {
    int sizeBytes = request.getSerializedSize();
    inFlightBytes.addAndGet(sizeBytes);
    unanswered.started();
    Acks acks = acksOf(request);
    try {
      RecordBatch batch = batchOf(request);
      PartitionRef partition = WireRefs.partition(request.getTopic(), request.getPartition());
      var unused =
          appends
              .append(partition, batch, acks, expectedOffsetOf(request), timeoutOf(request))
              .handle(
                  (appended, failure) -> {
                    ended(request, acks, sizeBytes, appended, failure);
                    return null;
                  });
    } catch (JangadaException refused) {
      answer(request.getCorrelationId(), acks, sizeBytes, null, refused);
    }
    readNext();
  }

  private void ended(
      ProduceRequest request,
      Acks acks,
      int sizeBytes,
      @Nullable Appended appended,
      @Nullable Throwable failure) {
    Optional<NotLeaderException> elsewhere =
        failure == null || !request.getForward()
            ? Optional.empty()
            : Failures.leaderElsewhere(failure);
    if (elsewhere.isEmpty()) {
      answer(request.getCorrelationId(), acks, sizeBytes, appended, failure);
      return;
    }
    var unused =
        forwarder
            .produce(elsewhere.get(), request, timeoutOf(request))
            .handle(
                (response, lost) -> {
                  if (lost != null) {
                    answer(request.getCorrelationId(), acks, sizeBytes, null, lost);
                  } else {
                    if (acks != Acks.NONE || response.hasError()) {
                      responses.send(response);
                    }
                    finished(sizeBytes);
                  }
                  return null;
                });
  }

  @Override
  public void onError(Throwable gone) {
    log.debug("A producer's stream ended: {}", gone.toString());
  }

  @Override
  public void onCompleted() {
    unanswered.noMoreToCome();
  }

  private void answer(
      long correlationId,
      Acks acks,
      int sizeBytes,
      @Nullable Appended appended,
      @Nullable Throwable failure) {
    if (failure != null) {
      responses.send(refusal(correlationId, failure));
    } else if (acks != Acks.NONE && appended != null) {
      responses.send(
          ProduceResponse.newBuilder()
              .setCorrelationId(correlationId)
              .setBaseOffset(appended.baseOffset())
              .setLogAppendTimeMs(NO_LOG_APPEND_TIME)
              .setLogStartOffset(appended.logStartOffset())
              .build());
    }
    finished(sizeBytes);
  }

  private void finished(int sizeBytes) {
    inFlightBytes.addAndGet(-sizeBytes);
    unanswered.finished();
    resumeReading();
  }

  private static ProduceResponse refusal(long correlationId, Throwable failure) {
    ProduceResponse.Builder refusal =
        ProduceResponse.newBuilder()
            .setCorrelationId(correlationId)
            .setBaseOffset(-1)
            .setLogAppendTimeMs(NO_LOG_APPEND_TIME)
            .setError(Failures.toError(failure));
    Failures.unexpectedOffset(failure).ifPresent(refusal::setLogEndOffset);
    return refusal.build();
  }

  private static long expectedOffsetOf(ProduceRequest request) {
    if (!request.hasExpectedOffset()) {
      return AppendService.ANY_OFFSET;
    }
    if (request.getExpectedOffset() < 0) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected an expected_offset of 0 or above, but got " + request.getExpectedOffset(),
          "leave it out to append wherever the log ends");
    }
    return request.getExpectedOffset();
  }

  private void readNext() {
    readingPaused.set(true);
    resumeReading();
  }

  private void resumeReading() {
    if (inFlightBytes.get() <= limits.get().maxInFlightBytes()
        && readingPaused.compareAndSet(true, false)) {
      call.request(1);
    }
  }

  private RecordBatch batchOf(ProduceRequest request) {
    int maxBatchBytes = limits.get().maxBatchBytes();
    RecordBatch batch =
        switch (request.getPayloadCase()) {
          case RECORD_BATCH -> WireBatches.ofBytes(request.getRecordBatch());
          case RECORDS -> WireBatches.ofStructured(request.getRecords(), maxBatchBytes);
          case PAYLOAD_NOT_SET ->
              throw new JangadaException(
                  ErrorCode.INVALID_REQUEST,
                  "expected record_batch or records in the request, but both are missing");
        };
    if (batch.sizeInBytes() > maxBatchBytes) {
      throw new JangadaException(
          ErrorCode.MESSAGE_TOO_LARGE,
          "expected a record batch of at most "
              + maxBatchBytes
              + " bytes, but it has "
              + batch.sizeInBytes(),
          "send smaller batches");
    }
    return batch;
  }

  private Duration timeoutOf(ProduceRequest request) {
    int timeoutMs = request.getTimeoutMs();
    return timeoutMs <= 0
        ? limits.get().defaultTimeout()
        : Duration.ofMillis(Math.min(timeoutMs, MAX_TIMEOUT_MS));
  }

  private static Acks acksOf(ProduceRequest request) {
    return switch (request.getAcks()) {
      case ACKS_LEADER -> Acks.LEADER;
      case ACKS_NONE -> Acks.NONE;
      case ACKS_ALL, ACKS_UNSPECIFIED, UNRECOGNIZED -> Acks.ALL;
    };
  }
}
