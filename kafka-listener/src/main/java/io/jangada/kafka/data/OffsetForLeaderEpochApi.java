// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import io.jangada.broker.service.OffsetService;
import io.jangada.broker.service.PartitionRef;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Where leader epochs end, for consumers that look whether what they read was truncated (KIP-320).
 */
final class OffsetForLeaderEpochApi implements KafkaApi<OffsetForLeaderEpochRequestData> {
  private final OffsetService offsets;

  OffsetForLeaderEpochApi(OffsetService offsets) {
    this.offsets = offsets;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.OFFSET_FOR_LEADER_EPOCH;
  }

  @Override
  public CompletableFuture<? extends ApiMessage> handle(
      OffsetForLeaderEpochRequestData request, RequestContext context) {
    OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (OffsetForLeaderTopic topic : request.topics()) {
      List<EpochEndOffset> partitions = new ArrayList<>();
      response
          .topics()
          .add(new OffsetForLeaderTopicResult().setTopic(topic.topic()).setPartitions(partitions));
      for (OffsetForLeaderPartition partition : topic.partitions()) {
        EpochEndOffset answer = new EpochEndOffset().setPartition(partition.partition());
        partitions.add(answer);
        all.add(
            offsets
                .endOfEpoch(
                    new PartitionRef(topic.topic(), null, partition.partition()),
                    partition.currentLeaderEpoch(),
                    partition.leaderEpoch())
                .handle(
                    (end, failure) ->
                        failure == null
                            ? answer.setLeaderEpoch(end.leaderEpoch()).setEndOffset(end.endOffset())
                            : answer.setErrorCode(PartitionErrors.of(failure, false).code())));
      }
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> response);
  }
}
