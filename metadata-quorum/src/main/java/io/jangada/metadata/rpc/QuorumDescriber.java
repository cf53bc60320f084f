// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.jangada.api.v1.DescribeQuorumResponse;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.internal.v1.DescribeMembersRequest;
import io.jangada.internal.v1.DescribeMembersResponse;
import io.jangada.internal.v1.QuorumServiceGrpc;
import io.jangada.metadata.membership.QuorumMember;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks members until the leader has described the quorum. If it can't be reached, what another one
 * knows is better than nothing.
 */
final class QuorumDescriber {
  private static final long DEADLINE_MS = 1_000;

  private final MetadataClientConfig config;
  private final QuorumChannels channels;
  private final ScheduledExecutorService thread;
  private final Consumer<DescribeQuorumResponse> learnt;
  private final CompletableFuture<DescribeQuorumResponse> promise = new CompletableFuture<>();
  private @Nullable DescribeQuorumResponse secondBest;
  private int attempts;

  QuorumDescriber(
      MetadataClientConfig config,
      QuorumChannels channels,
      ScheduledExecutorService thread,
      Consumer<DescribeQuorumResponse> learnt) {
    this.config = config;
    this.channels = channels;
    this.thread = thread;
    this.learnt = learnt;
  }

  CompletableFuture<DescribeQuorumResponse> describe() {
    ask();
    return promise;
  }

  private void ask() {
    if (attempts++ > channels.members().size()) {
      DescribeQuorumResponse known = secondBest;
      if (known != null) {
        promise.complete(known);
      } else {
        promise.completeExceptionally(
            new JangadaException(
                ErrorCode.UNAVAILABLE,
                "expected a member of the metadata quorum to answer, but none of "
                    + channels.members()
                    + " does",
                "look whether these nodes run and can be reached"));
      }
      return;
    }
    QuorumMember member = channels.leader();
    QuorumServiceGrpc.newStub(channels.channel(member))
        .withDeadlineAfter(DEADLINE_MS, TimeUnit.MILLISECONDS)
        .describeQuorum(
            DescribeMembersRequest.newBuilder().setClusterId(config.clusterId().toString()).build(),
            new UnaryObserver<DescribeMembersResponse>(
                thread,
                response -> answered(member, response),
                error -> {
                  channels.notLeader(member.nodeId(), null);
                  ask();
                }));
  }

  private void answered(QuorumMember member, DescribeMembersResponse response) {
    if (response.hasQuorum() && !response.hasError()) {
      learnt.accept(response.getQuorum());
      promise.complete(response.getQuorum());
      return;
    }
    if (response.hasQuorum()) {
      secondBest = response.getQuorum();
    }
    channels.notLeader(
        member.nodeId(), response.getError().hasLeader() ? response.getError().getLeader() : null);
    ask();
  }
}
