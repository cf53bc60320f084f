// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import io.jangada.api.v1.AdminServiceGrpc;
import io.jangada.api.v1.DescribeConfigsRequest;
import io.jangada.api.v1.DescribeConfigsResponse;
import io.jangada.wire.WireErrors;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/** Asks other brokers how they are configured. Thread-safe. */
final class PeerConfigs
    implements BiFunction<
        String, DescribeConfigsRequest, CompletableFuture<DescribeConfigsResponse>> {
  private static final long TIMEOUT_MS = 5_000;

  private final PeerChannels channels;

  PeerConfigs(PeerChannels channels) {
    this.channels = channels;
  }

  @Override
  public CompletableFuture<DescribeConfigsResponse> apply(
      String address, DescribeConfigsRequest request) {
    CompletableFuture<DescribeConfigsResponse> response = new CompletableFuture<>();
    AdminServiceGrpc.newStub(channels.to(address))
        .withDeadlineAfter(TIMEOUT_MS, TimeUnit.MILLISECONDS)
        .describeConfigs(request, new LeaderCalls.OnlyAnswer<>(response));
    return response.exceptionally(
        failure -> {
          throw WireErrors.fromCall(failure, address, false);
        });
  }
}
