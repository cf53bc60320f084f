// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.v1.Assign;
import io.jangada.api.v1.ConsumeRequest;
import io.jangada.api.v1.ConsumeResponse;
import io.jangada.broker.service.FetchService;
import io.jangada.broker.service.FetchService.Fetched;
import io.jangada.broker.service.FetchService.Parked;
import io.jangada.broker.service.PartitionRef;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's reading. All state belongs to a sequential executor over a pool: requests, wake-ups,
 * finished reads and the transport's readiness only enqueue there. An assignment is either
 * <em>due</em> (there may be something to read), being read (one at a time), or <em>parked</em> (at
 * the end of its log); due ones take turns.
 *
 * <p>Sending stops when the credit is used up or the transport is not ready, so that a client that
 * never reads holds one response, not memory without bound.
 */
final class ConsumeSession implements StreamObserver<ConsumeRequest> {
  private static final Logger log = LoggerFactory.getLogger(ConsumeSession.class);

  private final FetchService fetches;
  private final ConsumeLimits limits;
  private final Executor sequential;
  private final ServerCallStreamObserver<ConsumeResponse> call;

  private final Map<Long, Assignment> assignments = new HashMap<>();
  private final Queue<Assignment> due = new ArrayDeque<>();
  private long creditBytes;
  private boolean reading;
  private boolean closed;

  ConsumeSession(
      FetchService fetches,
      ConsumeLimits limits,
      Executor readers,
      ServerCallStreamObserver<ConsumeResponse> call) {
    this.fetches = fetches;
    this.limits = limits;
    this.sequential = MoreExecutors.newSequentialExecutor(readers);
    this.call = call;
    call.setOnReadyHandler(() -> sequential.execute(this::sendDue));
    call.setOnCancelHandler(() -> sequential.execute(this::close));
  }

  @Override
  public void onNext(ConsumeRequest request) {
    sequential.execute(() -> handle(request));
  }

  @Override
  public void onError(Throwable gone) {
    log.debug("A consumer's stream ended: {}", gone.toString());
    sequential.execute(this::close);
  }

  @Override
  public void onCompleted() {
    sequential.execute(
        () -> {
          if (!closed) {
            close();
            call.onCompleted();
          }
        });
  }

  private void handle(ConsumeRequest request) {
    if (closed) {
      return;
    }
    switch (request.getRequestCase()) {
      case ASSIGN -> assign(request.getAssign());
      case UNASSIGN -> remove(request.getUnassign().getAssignmentId());
      case CREDIT -> creditBytes = saturatedAdd(creditBytes, request.getCredit().getBytes());
      case REQUEST_NOT_SET ->
          log.debug("A consumer sent a request that this version does not know; ignored");
    }
    sendDue();
  }

  private void assign(Assign request) {
    long id = request.getAssignmentId();
    remove(id);
    try {
      if (assignments.size() >= limits.maxAssignments()) {
        throw new JangadaException(
            ErrorCode.OVERLOADED,
            "expected at most "
                + limits.maxAssignments()
                + " partitions on one stream, but this would be one more",
            "open another stream");
      }
      PartitionRef partition = WireRefs.partition(request.getTopic(), request.getPartition());
      Assignment assignment =
          new Assignment(id, partition, request.getLeaderEpoch(), request.getOffset());
      assignments.put(id, assignment);
      due.add(assignment);
    } catch (JangadaException refused) {
      fail(id, refused);
    }
  }

  private void remove(long assignmentId) {
    Assignment removed = assignments.remove(assignmentId);
    if (removed != null) {
      removed.unpark();
      due.remove(removed);
    }
  }

  private void sendDue() {
    if (closed || reading || creditBytes <= 0 || !call.isReady()) {
      return;
    }
    Assignment assignment = due.poll();
    if (assignment == null) {
      return;
    }
    reading = true;
    int maxBytes = (int) Math.min(limits.maxResponseBytes(), creditBytes);
    var unused =
        fetches
            .fetch(assignment.partition, assignment.nextOffset, assignment.leaderEpoch, maxBytes)
            .whenCompleteAsync(
                (fetched, failure) -> {
                  reading = false;
                  if (!closed && assignments.get(assignment.id) == assignment) {
                    finish(assignment, fetched, failure);
                  }
                  sendDue();
                },
                sequential);
  }

  private void finish(
      Assignment assignment, @Nullable Fetched fetched, @Nullable Throwable failure) {
    if (fetched == null) {
      fail(assignment.id, failure != null ? failure : new IllegalStateException("no answer"));
    } else if (fetched.batches().isEmpty()) {
      park(assignment);
    } else {
      send(assignment, fetched);
      due.add(assignment);
    }
  }

  private void send(Assignment assignment, Fetched fetched) {
    assignment.nextOffset = fetched.nextOffset();
    creditBytes -= fetched.sizeInBytes();
    ByteString batches = ByteString.EMPTY;
    for (ByteBuffer batch : fetched.batches()) {
      batches = batches.concat(UnsafeByteOperations.unsafeWrap(batch));
    }
    call.onNext(
        ConsumeResponse.newBuilder()
            .setAssignmentId(assignment.id)
            .setRecordBatches(batches)
            .setLeaderEpoch(fetched.leaderEpoch())
            .setHighWatermark(fetched.highWatermark())
            .setLogStartOffset(fetched.logStartOffset())
            .build());
  }

  private void park(Assignment assignment) {
    try {
      assignment.parked =
          fetches.park(
              assignment.partition,
              assignment.nextOffset,
              () -> sequential.execute(() -> wake(assignment)));
    } catch (JangadaException refused) {
      fail(assignment.id, refused);
    }
  }

  private void wake(Assignment assignment) {
    if (closed || assignments.get(assignment.id) != assignment) {
      return;
    }
    assignment.parked = null;
    due.add(assignment);
    sendDue();
  }

  private void fail(long assignmentId, Throwable why) {
    remove(assignmentId);
    call.onNext(
        ConsumeResponse.newBuilder()
            .setAssignmentId(assignmentId)
            .setError(Failures.toError(why))
            .build());
  }

  private void close() {
    closed = true;
    assignments.values().forEach(Assignment::unpark);
    assignments.clear();
    due.clear();
  }

  private static long saturatedAdd(long credit, long more) {
    long sum = credit + more;
    return more < 0 || sum < credit ? Long.MAX_VALUE : sum;
  }

  /** One partition that the client reads. */
  private static final class Assignment {
    final long id;
    final PartitionRef partition;
    final int leaderEpoch;
    long nextOffset;
    @Nullable Parked parked;

    Assignment(long id, PartitionRef partition, int leaderEpoch, long nextOffset) {
      this.id = id;
      this.partition = partition;
      this.leaderEpoch = leaderEpoch;
      this.nextOffset = nextOffset;
    }

    void unpark() {
      if (parked != null) {
        parked.close();
        parked = null;
      }
    }
  }
}
