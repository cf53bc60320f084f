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
import io.jangada.api.v1.RecordForm;
import io.jangada.broker.forward.Forwarder;
import io.jangada.broker.forward.LeaderReader;
import io.jangada.broker.service.FetchService;
import io.jangada.broker.service.FetchService.Fetched;
import io.jangada.broker.service.FetchService.Parked;
import io.jangada.broker.service.NotLeaderException;
import io.jangada.broker.service.PartitionRef;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
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
  private final Forwarder forwarder;
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
      Forwarder forwarder,
      ConsumeLimits limits,
      Executor readers,
      ServerCallStreamObserver<ConsumeResponse> call) {
    this.fetches = fetches;
    this.forwarder = forwarder;
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
      Assignment assignment = new Assignment(request, partition);
      assignments.put(id, assignment);
      due.add(assignment);
    } catch (JangadaException refused) {
      fail(id, refused);
    }
  }

  private void remove(long assignmentId) {
    Assignment removed = assignments.remove(assignmentId);
    if (removed != null) {
      removed.end();
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
        fetch(assignment, maxBytes)
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

  private CompletableFuture<Fetched> fetch(Assignment assignment, int maxBytes) {
    LeaderReader elsewhere = assignment.elsewhere;
    if (elsewhere != null) {
      return elsewhere.fetch(assignment.nextOffset, maxBytes);
    }
    int epoch = assignment.request.getLeaderEpoch();
    return assignment.request.getAnyReplica()
        ? fetches.fetchHere(assignment.partition, assignment.nextOffset, epoch, maxBytes)
        : fetches.fetch(assignment.partition, assignment.nextOffset, epoch, maxBytes);
  }

  private void finish(
      Assignment assignment, @Nullable Fetched fetched, @Nullable Throwable failure) {
    if (fetched == null) {
      failed(assignment, failure != null ? failure : new IllegalStateException("no answer"));
    } else if (fetched.batches().isEmpty()) {
      park(assignment);
    } else {
      // First, since sending may end the assignment.
      due.add(assignment);
      send(assignment, fetched);
    }
  }

  /** What another broker leads is read there if the client asked for that. */
  private void failed(Assignment assignment, Throwable why) {
    Optional<NotLeaderException> leader =
        assignment.request.getForward() && assignment.elsewhere == null
            ? Failures.leaderElsewhere(why)
            : Optional.empty();
    if (leader.isEmpty()) {
      fail(assignment.id, why);
      return;
    }
    try {
      assignment.elsewhere =
          forwarder.consume(leader.get(), assignment.request, assignment.nextOffset);
      due.add(assignment);
    } catch (JangadaException refused) {
      fail(assignment.id, refused);
    }
  }

  private void send(Assignment assignment, Fetched fetched) {
    long fromOffset = assignment.nextOffset;
    assignment.nextOffset = fetched.nextOffset();
    if (assignment.request.getForm() == RecordForm.RECORD_FORM_STRUCTURED) {
      sendStructured(assignment, fetched, fromOffset);
      return;
    }
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

  private void sendStructured(Assignment assignment, Fetched fetched, long fromOffset) {
    try {
      PlainRecords.send(
          fetched,
          fromOffset,
          ConsumeResponse.newBuilder()
              .setAssignmentId(assignment.id)
              .setLeaderEpoch(fetched.leaderEpoch())
              .setHighWatermark(fetched.highWatermark())
              .setLogStartOffset(fetched.logStartOffset())
              .build(),
          piece -> {
            creditBytes -= piece.getSerializedSize();
            call.onNext(piece);
          });
    } catch (JangadaException damaged) {
      fail(assignment.id, damaged);
    }
  }

  private void park(Assignment assignment) {
    try {
      Runnable wake = () -> sequential.execute(() -> wake(assignment));
      LeaderReader elsewhere = assignment.elsewhere;
      if (elsewhere != null) {
        assignment.parked = elsewhere.park(wake);
      } else {
        assignment.parked =
            assignment.request.getAnyReplica()
                ? fetches.parkHere(assignment.partition, assignment.nextOffset, wake)
                : fetches.park(assignment.partition, assignment.nextOffset, wake);
      }
    } catch (JangadaException refused) {
      failed(assignment, refused);
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
    assignments.values().forEach(Assignment::end);
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
    final Assign request;
    final PartitionRef partition;
    long nextOffset;
    @Nullable Parked parked;

    /** Reads from the leader where that is another broker. */
    @Nullable LeaderReader elsewhere;

    Assignment(Assign request, PartitionRef partition) {
      this.id = request.getAssignmentId();
      this.request = request;
      this.partition = partition;
      this.nextOffset = request.getOffset();
    }

    void end() {
      unpark();
      if (elsewhere != null) {
        elsewhere.close();
      }
    }

    void unpark() {
      if (parked != null) {
        parked.close();
        parked = null;
      }
    }
  }
}
