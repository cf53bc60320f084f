// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.jangada.api.v1.AddQuorumMemberRequest;
import io.jangada.api.v1.AddQuorumMemberResponse;
import io.jangada.api.v1.DescribeQuorumResponse;
import io.jangada.api.v1.RemoveQuorumMemberRequest;
import io.jangada.api.v1.RemoveQuorumMemberResponse;
import io.jangada.api.v1.TransferQuorumLeadershipRequest;
import io.jangada.api.v1.TransferQuorumLeadershipResponse;
import io.jangada.internal.v1.AlterQuorumRequest;
import io.jangada.internal.v1.AlterQuorumResponse;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the admin service answers about the metadata quorum: it passes questions on to its leader.
 */
public final class QuorumCalls {
  private final Supplier<CompletableFuture<DescribeQuorumResponse>> describe;
  private final Function<AlterQuorumRequest, CompletableFuture<AlterQuorumResponse>> alter;

  /** Asks the leader, wherever it is. */
  public QuorumCalls(
      Supplier<CompletableFuture<DescribeQuorumResponse>> describe,
      Function<AlterQuorumRequest, CompletableFuture<AlterQuorumResponse>> alter) {
    this.describe = describe;
    this.alter = alter;
  }

  CompletableFuture<DescribeQuorumResponse> describe() {
    return describe.get();
  }

  CompletableFuture<TransferQuorumLeadershipResponse> transfer(
      TransferQuorumLeadershipRequest request) {
    return alter
        .apply(AlterQuorumRequest.newBuilder().setTransfer(request).build())
        .thenApply(AlterQuorumResponse::getTransferred);
  }

  CompletableFuture<AddQuorumMemberResponse> add(AddQuorumMemberRequest request) {
    return alter
        .apply(AlterQuorumRequest.newBuilder().setAdd(request).build())
        .thenApply(AlterQuorumResponse::getAdded);
  }

  CompletableFuture<RemoveQuorumMemberResponse> remove(RemoveQuorumMemberRequest request) {
    return alter
        .apply(AlterQuorumRequest.newBuilder().setRemove(request).build())
        .thenApply(AlterQuorumResponse::getRemoved);
  }
}
