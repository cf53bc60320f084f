// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import com.google.protobuf.UnsafeByteOperations;
import io.jangada.api.v1.Error;
import io.jangada.api.v1.LeaderHint;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.internal.v1.QuorumServiceGrpc;
import io.jangada.internal.v1.SubmitRequest;
import io.jangada.internal.v1.SubmitResponse;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.MetadataCodec;
import io.jangada.metadata.membership.QuorumMember;
import io.jangada.wire.WireErrors;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings requests to the controller, wherever it is. A request is sent again until it is answered
 * or its time is up, which is safe for every {@link ControllerRequest}.
 */
final class Submitter {
  private static final long RETRY_MS = 30;
  private static final long ATTEMPT_MS = 3_000;

  /**
   * How long a quorum may lack its majority: members restart, and their ports are closed for as
   * long. Then it is said, before whoever asked has stopped to wait.
   */
  private static final long WITHOUT_MAJORITY_MS = 2_500;

  private final UUID clusterId;
  private final QuorumChannels channels;
  private final ScheduledExecutorService thread;

  Submitter(UUID clusterId, QuorumChannels channels, ScheduledExecutorService thread) {
    this.clusterId = clusterId;
    this.channels = channels;
    this.thread = thread;
  }

  /** Completes on the client's thread. */
  CompletableFuture<ControllerAnswer> submit(ControllerRequest request, Duration timeout) {
    Attempts attempts =
        new Attempts(
            SubmitRequest.newBuilder()
                .setClusterId(clusterId.toString())
                .setRequest(UnsafeByteOperations.unsafeWrap(MetadataCodec.encodeRequest(request)))
                .build(),
            System.nanoTime() + timeout.toNanos());
    attempts.next(0);
    return attempts.promise;
  }

  /** One request on its way. */
  private final class Attempts {
    private final SubmitRequest request;
    private final long deadlineNanos;
    private final long begunNanos = System.nanoTime();
    private final CompletableFuture<ControllerAnswer> promise = new CompletableFuture<>();

    /** Members that could not be reached when they were last asked. */
    private final Set<Integer> unreachable = new TreeSet<>();

    /** Whether an earlier attempt may have been carried out. */
    private boolean indefinite;

    private int hops;

    Attempts(SubmitRequest request, long deadlineNanos) {
      this.request = request;
      this.deadlineNanos = deadlineNanos;
    }

    void next(long delayMs) {
      try {
        var unused = thread.schedule(this::send, delayMs, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        promise.completeExceptionally(
            new JangadaException(
                ErrorCode.SHUTTING_DOWN,
                "expected to reach the controller, but stopping",
                "",
                !indefinite,
                e));
      }
    }

    private void send() {
      QuorumMember member = channels.leader();
      long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
      QuorumServiceGrpc.newStub(channels.channel(member))
          .withDeadlineAfter(Math.max(1, Math.min(leftMs, ATTEMPT_MS)), TimeUnit.MILLISECONDS)
          .submit(
              request,
              new UnaryObserver<SubmitResponse>(
                  thread,
                  response -> answered(member, response),
                  error -> unanswered(member, error)));
    }

    private void unanswered(QuorumMember member, Throwable failure) {
      JangadaException error = WireErrors.fromCall(failure, member.grpcAddress(), true);
      boolean closed =
          error.code() == ErrorCode.UNAVAILABLE || error.code() == ErrorCode.NETWORK_ERROR;
      if (closed) {
        unreachable.add(member.nodeId());
      } else {
        unreachable.remove(member.nodeId());
      }
      failed(member, error, null);
    }

    private void answered(QuorumMember member, SubmitResponse response) {
      if (response.hasError()) {
        unreachable.remove(member.nodeId());
        Error error = response.getError();
        LeaderHint hint = error.hasLeader() ? error.getLeader() : null;
        failed(member, WireErrors.fromWire(error), hint);
        return;
      }
      try {
        promise.complete(MetadataCodec.decodeAnswer(response.getResponse().toByteArray()));
      } catch (JangadaException e) {
        promise.completeExceptionally(e);
      }
    }

    private void failed(QuorumMember member, JangadaException error, @Nullable LeaderHint hint) {
      indefinite |= !error.definite();
      boolean elsewhere =
          switch (error.code()) {
            case NOT_CONTROLLER,
                QUORUM_UNAVAILABLE,
                UNAVAILABLE,
                NETWORK_ERROR,
                REQUEST_TIMED_OUT,
                SHUTTING_DOWN ->
                true;
            default -> false;
          };
      if (!elsewhere && !error.retriable()) {
        promise.completeExceptionally(error);
        return;
      }
      if (withoutMajority()
          && System.nanoTime() - begunNanos > TimeUnit.MILLISECONDS.toNanos(WITHOUT_MAJORITY_MS)) {
        promise.completeExceptionally(noMajority(error));
        return;
      }
      boolean atOnce = elsewhere && channels.notLeader(member.nodeId(), hint) && ++hops <= 3;
      if (System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RETRY_MS) - deadlineNanos >= 0) {
        promise.completeExceptionally(timedOut(error));
      } else if (atOnce) {
        next(0);
      } else {
        hops = 0;
        next(RETRY_MS);
      }
    }

    private boolean withoutMajority() {
      List<QuorumMember> members = channels.members();
      return members.size() - missing(members).size() <= members.size() / 2;
    }

    private List<Integer> missing(List<QuorumMember> members) {
      return members.stream()
          .map(QuorumMember::nodeId)
          .filter(unreachable::contains)
          .sorted()
          .toList();
    }

    private JangadaException noMajority(JangadaException last) {
      List<QuorumMember> members = channels.members();
      List<Integer> missing = missing(members);
      return new JangadaException(
          ErrorCode.QUORUM_UNAVAILABLE,
          "expected a majority of the metadata quorum, "
              + (members.size() / 2 + 1)
              + " of the nodes "
              + listed(members.stream().map(QuorumMember::nodeId).sorted().toList())
              + ", but "
              + (missing.size() == 1 ? "node " : "nodes ")
              + listed(missing)
              + " cannot be reached",
          "start what is missing: without a majority no metadata changes (jangada quorum status)",
          !indefinite,
          last);
    }

    private JangadaException timedOut(JangadaException last) {
      return new JangadaException(
          ErrorCode.QUORUM_UNAVAILABLE,
          "expected an answer of the metadata quorum's leader in time, but " + last.getMessage(),
          "look at the quorum: jangada quorum status",
          !indefinite,
          last);
    }
  }

  private static String listed(List<Integer> nodes) {
    return nodes.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
