// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.internal.v1.AlterQuorumRequest;
import io.jangada.internal.v1.AlterQuorumResponse;
import io.jangada.internal.v1.QuorumServiceGrpc;
import io.jangada.metadata.membership.QuorumMember;
import io.jangada.wire.WireErrors;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Brings a change of the quorum to its leader, which is asked for first: a change is sent again
 * only where it surely had no effect, because the one that was asked does not lead, or not yet long
 * enough, or makes another change.
 */
final class QuorumAlterer {
  private static final long DEADLINE_MS = 20_000;
  private static final long RETRY_MS = 100;
  private static final int MAX_ATTEMPTS = 30;

  private final QuorumChannels channels;
  private final ScheduledExecutorService thread;
  private final Supplier<CompletableFuture<Integer>> leader;
  private final AlterQuorumRequest request;
  private final CompletableFuture<AlterQuorumResponse> promise = new CompletableFuture<>();
  private int attempts;

  QuorumAlterer(
      QuorumChannels channels,
      ScheduledExecutorService thread,
      Supplier<CompletableFuture<Integer>> leader,
      AlterQuorumRequest request) {
    this.channels = channels;
    this.thread = thread;
    this.leader = leader;
    this.request = request;
  }

  CompletableFuture<AlterQuorumResponse> alter() {
    attempt();
    return promise;
  }

  private void attempt() {
    var unused =
        leader
            .get()
            .whenComplete(
                (nodeId, error) -> {
                  if (error != null) {
                    promise.completeExceptionally(error);
                  } else if (nodeId < 0) {
                    again(noLeader());
                  } else {
                    send(channels.leader());
                  }
                });
  }

  private void send(QuorumMember member) {
    QuorumServiceGrpc.newStub(channels.channel(member))
        .withDeadlineAfter(DEADLINE_MS, TimeUnit.MILLISECONDS)
        .alterQuorum(
            request,
            new UnaryObserver<AlterQuorumResponse>(
                thread,
                this::answered,
                error ->
                    promise.completeExceptionally(
                        WireErrors.fromCall(error, member.grpcAddress(), true))));
  }

  private void answered(AlterQuorumResponse response) {
    if (!response.hasError()) {
      promise.complete(response);
      return;
    }
    JangadaException error = WireErrors.fromWire(response.getError());
    if (error.code() == ErrorCode.NOT_CONTROLLER || error.code() == ErrorCode.UNAVAILABLE) {
      again(error);
    } else {
      promise.completeExceptionally(error);
    }
  }

  private void again(JangadaException last) {
    if (++attempts >= MAX_ATTEMPTS) {
      promise.completeExceptionally(last.code() == ErrorCode.NOT_CONTROLLER ? noLeader() : last);
      return;
    }
    try {
      var unused = thread.schedule(this::attempt, RETRY_MS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      promise.completeExceptionally(last);
    }
  }

  private static JangadaException noLeader() {
    return new JangadaException(
        ErrorCode.QUORUM_UNAVAILABLE,
        "expected the metadata quorum to have a leader, but it has none: a majority of its members"
            + " must run",
        "look at the quorum: jangada quorum status",
        true,
        null);
  }
}
