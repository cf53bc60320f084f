// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.server.util.PartitionMetadataClient;

/** Only share groups want to know where partitions end, and there are none. */
final class NoLatestOffsets implements PartitionMetadataClient {
  private static final long NONE = -1;

  @Override
  public Map<TopicPartition, CompletableFuture<OffsetResponse>> listLatestOffsets(
      Set<TopicPartition> partitions) {
    Map<TopicPartition, CompletableFuture<OffsetResponse>> refused = new HashMap<>();
    partitions.forEach(
        partition ->
            refused.put(
                partition,
                CompletableFuture.completedFuture(
                    new OffsetResponse(NONE, Errors.UNSUPPORTED_VERSION))));
    return refused;
  }

  @Override
  public void close() {}
}
