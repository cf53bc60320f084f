// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.dev;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.jangada.api.v1.GetMetadataRequest;
import io.jangada.api.v1.MetadataServiceGrpc;
import io.jangada.api.v1.MetadataSnapshot;
import io.jangada.api.v1.PartitionInfo;
import io.jangada.api.v1.TopicInfo;
import io.jangada.common.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Who leads which partition, as the brokers of a local cluster tell it. Not thread-safe. */
public final class LeaderView implements AutoCloseable {
  private static final long CALL_TIMEOUT_MS = 1_000;
  private static final int MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

  private final List<ManagedChannel> channels = new ArrayList<>();

  /** A view through any of those gRPC listeners. */
  public LeaderView(List<String> grpcAddresses) {
    for (String address : grpcAddresses) {
      channels.add(
          NettyChannelBuilder.forTarget("dns:///" + address)
              .usePlaintext()
              .maxInboundMessageSize(MAX_MESSAGE_BYTES)
              .build());
    }
  }

  /** The leader of every partition that has one; empty if no broker answers. */
  public Optional<Map<TopicPartition, Integer>> leaders() {
    return channels.stream().map(LeaderView::ask).flatMap(Optional::stream).findFirst();
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }

  private static Optional<Map<TopicPartition, Integer>> ask(ManagedChannel channel) {
    try {
      return Optional.of(
          leadersOf(
              MetadataServiceGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(CALL_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                  .getMetadata(GetMetadataRequest.getDefaultInstance())));
    } catch (StatusRuntimeException e) {
      // This broker does not know; the next one may.
      return Optional.empty();
    }
  }

  private static Map<TopicPartition, Integer> leadersOf(MetadataSnapshot snapshot) {
    Map<TopicPartition, Integer> leaders = new TreeMap<>();
    for (TopicInfo topic : snapshot.getTopicsList()) {
      for (PartitionInfo partition : topic.getPartitionsList()) {
        if (partition.getLeader() > 0) {
          leaders.put(
              new TopicPartition(topic.getName(), partition.getPartition()), partition.getLeader());
        }
      }
    }
    return leaders;
  }
}
