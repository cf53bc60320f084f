// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.forward;

import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.Assign;
import io.jangada.api.v1.ConsumeServiceGrpc;
import io.jangada.api.v1.ListOffsetsRequest;
import io.jangada.api.v1.ListOffsetsResponse;
import io.jangada.api.v1.OffsetQuery;
import io.jangada.api.v1.OffsetResult;
import io.jangada.api.v1.ProduceRequest;
import io.jangada.api.v1.ProduceResponse;
import io.jangada.broker.service.NotLeaderException;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.wire.WireErrors;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what this broker does not lead. Thread-safe; never blocks. Futures fail with a {@link
 * JangadaException} that says whether the leader may have carried the request out.
 */
public final class Forwarder {
  /** What all produce requests that are passed on and unanswered may hold. */
  private static final long MAX_IN_FLIGHT_BYTES = 64L * 1024 * 1024;

  /** Partitions that are read through this broker at the same time. */
  private static final int MAX_READS = 10_000;

  /** What all of them together may have on its way; shared out evenly, within the limits of one. */
  private static final int READ_CREDIT_BYTES = 64 * 1024 * 1024;

  private static final int MIN_CREDIT_BYTES = 8 * 1024;
  private static final int MAX_CREDIT_BYTES = 256 * 1024;

  /** What the leader's own timeout is given before this broker's sets in. */
  private static final Duration ANSWER_SLACK = Duration.ofSeconds(1);

  private static final long OFFSETS_TIMEOUT_MS = 3_000;

  private final Peers peers;
  private final ForwardingMetrics metrics;
  private final Map<Integer, ProduceLink> links = new ConcurrentHashMap<>();
  private final AtomicLong inFlightBytes = new AtomicLong();
  private final AtomicInteger reads = new AtomicInteger();
  private final int maxReads;

  /** A forwarder over channels that somebody else closes. */
  public Forwarder(Peers peers, ForwardingMetrics metrics) {
    this(peers, metrics, MAX_READS);
  }

  Forwarder(Peers peers, ForwardingMetrics metrics, int maxReads) {
    this.maxReads = maxReads;
    this.peers = peers;
    this.metrics = metrics;
  }

  /**
   * Passes an append on. Two requests that are passed on from one thread to one leader arrive in
   * their order.
   *
   * @param timeout that the leader gives the request
   * @return the leader's answer, with the request's correlation id; fails with OVERLOADED if too
   *     much is under way
   */
  public CompletableFuture<ProduceResponse> produce(
      NotLeaderException leader, ProduceRequest request, Duration timeout) {
    long bytes = request.getSerializedSize();
    long before = inFlightBytes.getAndAdd(bytes);
    metrics.inFlight(bytes);
    CompletableFuture<ProduceResponse> answer;
    if (before > 0 && before + bytes > MAX_IN_FLIGHT_BYTES) {
      answer =
          CompletableFuture.failedFuture(
              new JangadaException(
                  ErrorCode.OVERLOADED,
                  "expected at most "
                      + MAX_IN_FLIGHT_BYTES
                      + " bytes on their way through this broker to leaders, but there are "
                      + before,
                  "send less, or connect to " + leader.leaderAddress()));
    } else {
      metrics.forwarded(ForwardingMetrics.Kind.PRODUCE);
      answer =
          links
              .computeIfAbsent(leader.leaderId(), id -> new ProduceLink(() -> channel(id)))
              .send(request, timeout.plus(ANSWER_SLACK));
    }
    return answer.whenComplete(
        (response, failure) -> {
          inFlightBytes.addAndGet(-bytes);
          metrics.inFlight(-bytes);
          count(ForwardingMetrics.Kind.PRODUCE, failure);
        });
  }

  /**
   * Reads on a client's behalf, until the reader is closed; nothing is asked before {@link
   * LeaderReader#fetch}.
   *
   * @throws JangadaException OVERLOADED if too many partitions are read through this broker
   */
  public LeaderReader consume(NotLeaderException leader, Assign assignment, long offset) {
    Channel channel = channel(leader.leaderId());
    int before = reads.getAndIncrement();
    if (before >= maxReads) {
      reads.decrementAndGet();
      metrics.failed(ForwardingMetrics.Kind.CONSUME, ErrorCode.OVERLOADED);
      throw new JangadaException(
          ErrorCode.OVERLOADED,
          "expected fewer than "
              + maxReads
              + " partitions to be read through this broker, but there are "
              + before,
          "read fewer, or connect to " + leader.leaderAddress());
    }
    metrics.forwarded(ForwardingMetrics.Kind.CONSUME);
    metrics.readBegan();
    return new LeaderReader(
        channel,
        leader.leaderAddress(),
        assignment.toBuilder()
            .setForward(false)
            .setAnyReplica(false)
            .clearForm() // the client's session turns batches into what the client wants
            .setOffset(offset)
            .build(),
        this::creditBytes,
        this::readEnded);
  }

  private void readEnded() {
    reads.decrementAndGet();
    metrics.readEnded();
  }

  /** How much one reader's leader may send ahead, given how many there are. */
  private int creditBytes() {
    return Math.clamp(
        READ_CREDIT_BYTES / Math.max(1, reads.get()), MIN_CREDIT_BYTES, MAX_CREDIT_BYTES);
  }

  /** Asks the leader for an offset. */
  public CompletableFuture<OffsetResult> offset(NotLeaderException leader, OffsetQuery query) {
    metrics.forwarded(ForwardingMetrics.Kind.OFFSETS);
    CompletableFuture<ListOffsetsResponse> response = new CompletableFuture<>();
    ConsumeServiceGrpc.newStub(channel(leader.leaderId()))
        .withDeadlineAfter(OFFSETS_TIMEOUT_MS, TimeUnit.MILLISECONDS)
        .listOffsets(
            ListOffsetsRequest.newBuilder().addQueries(query).build(),
            new StreamObserver<>() {
              @Override
              public void onNext(ListOffsetsResponse value) {
                response.complete(value);
              }

              @Override
              public void onError(Throwable failure) {
                response.completeExceptionally(
                    WireErrors.fromCall(failure, leader.leaderAddress(), false));
              }

              @Override
              public void onCompleted() {
                // The answer came before.
              }
            });
    return response
        .thenApply(
            answered -> {
              if (answered.getResultsCount() != 1) {
                throw new JangadaException(
                    ErrorCode.INTERNAL,
                    "expected one offset, but got " + answered.getResultsCount());
              }
              return answered.getResults(0);
            })
        .whenComplete((result, failure) -> count(ForwardingMetrics.Kind.OFFSETS, failure));
  }

  private void count(ForwardingMetrics.Kind kind, @Nullable Throwable why) {
    Throwable cause =
        why instanceof CompletionException && why.getCause() != null ? why.getCause() : why;
    if (cause != null) {
      metrics.failed(
          kind, cause instanceof JangadaException typed ? typed.code() : ErrorCode.INTERNAL);
    }
  }

  private Channel channel(int brokerId) {
    return peers
        .channelTo(brokerId)
        .orElseThrow(
            () ->
                new JangadaException(
                    ErrorCode.LEADER_NOT_AVAILABLE,
                    "expected to know where broker " + brokerId + " is, but it is not registered"));
  }
}
