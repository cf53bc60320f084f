// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import io.jangada.broker.service.OffsetService;
import io.jangada.broker.service.OffsetService.ListedOffset;
import io.jangada.broker.service.PartitionRef;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.RequestContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;

/** Where logs begin, end, and were at a time; with the times that stand for something else. */
final class ListOffsetsApi implements KafkaApi<ListOffsetsRequestData> {
  private static final ListedOffset NOTHING = new ListedOffset(-1, -1, -1);

  /** Below it, a time stands for nothing else than latest and earliest. */
  private static final short FIRST_WITH_MAX_TIMESTAMP = 7;

  private static final short FIRST_WITH_LOCAL = 8;
  private static final short FIRST_WITH_EPOCHS = 4;
  private static final int NO_EPOCH = -1;
  private static final byte READ_UNCOMMITTED = 0;
  private static final byte READ_COMMITTED = 1;
  private static final short FIRST_WITH_TIERED = 9;
  private static final short FIRST_WITH_PENDING_UPLOAD = 11;

  private final OffsetService offsets;

  ListOffsetsApi(OffsetService offsets) {
    this.offsets = offsets;
  }

  /** A partition as two entries of one request may both name it. */
  private record Named(String topic, int partition) {}

  @Override
  public ApiKeys key() {
    return ApiKeys.LIST_OFFSETS;
  }

  @Override
  public CompletableFuture<? extends ApiMessage> handle(
      ListOffsetsRequestData request, RequestContext context) {
    if (request.isolationLevel() < READ_UNCOMMITTED || request.isolationLevel() > READ_COMMITTED) {
      // As Kafka, which has no other word for it.
      return CompletableFuture.failedFuture(Errors.UNKNOWN_SERVER_ERROR.exception());
    }
    Set<Named> twice = namedTwice(request);
    Map<String, List<ListOffsetsPartitionResponse>> topics = new LinkedHashMap<>();
    Set<Named> refused = new HashSet<>();
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (ListOffsetsTopic topic : request.topics()) {
      for (ListOffsetsPartition partition : topic.partitions()) {
        Named named = new Named(topic.name(), partition.partitionIndex());
        ListOffsetsPartitionResponse answer =
            new ListOffsetsPartitionResponse().setPartitionIndex(partition.partitionIndex());
        if (!twice.contains(named)) {
          all.add(answer(request.replicaId(), topic.name(), partition, context.version(), answer));
        } else if (refused.add(named)) {
          answer.setErrorCode(Errors.INVALID_REQUEST.code());
        } else {
          continue;
        }
        topics.computeIfAbsent(topic.name(), each -> new ArrayList<>()).add(answer);
      }
    }
    ListOffsetsResponseData response = new ListOffsetsResponseData();
    topics.forEach(
        (name, partitions) ->
            response
                .topics()
                .add(new ListOffsetsTopicResponse().setName(name).setPartitions(partitions)));
    return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
        .thenApply(done -> response);
  }

  private static Set<Named> namedTwice(ListOffsetsRequestData request) {
    Set<Named> once = new HashSet<>();
    Set<Named> twice = new HashSet<>();
    for (ListOffsetsTopic topic : request.topics()) {
      for (ListOffsetsPartition partition : topic.partitions()) {
        Named named = new Named(topic.name(), partition.partitionIndex());
        if (!once.add(named)) {
          twice.add(named);
        }
      }
    }
    return twice;
  }

  private CompletableFuture<?> answer(
      int replicaId,
      String topic,
      ListOffsetsPartition partition,
      short version,
      ListOffsetsPartitionResponse answer) {
    return find(replicaId, topic, partition, version)
        .handle(
            (found, failure) ->
                failure == null
                    ? answer
                        .setOffset(found.offset())
                        .setTimestamp(found.timestampMs())
                        .setLeaderEpoch(
                            version >= FIRST_WITH_EPOCHS ? found.leaderEpoch() : NO_EPOCH)
                    : answer.setErrorCode(PartitionErrors.of(failure, false).code()));
  }

  private CompletableFuture<ListedOffset> find(
      int replicaId, String topic, ListOffsetsPartition partition, short version) {
    PartitionRef ref = new PartitionRef(topic, null, partition.partitionIndex());
    int epoch = partition.currentLeaderEpoch();
    long timestamp = partition.timestamp();
    if (timestamp >= 0) {
      return offsets.atTimestamp(ref, timestamp, epoch);
    }
    boolean debugging = replicaId == ListOffsetsRequest.DEBUGGING_REPLICA_ID;
    if (timestamp == ListOffsetsRequest.LATEST_TIMESTAMP) {
      return debugging ? offsets.endHere(ref, epoch) : offsets.end(ref, epoch);
    }
    if (timestamp == ListOffsetsRequest.EARLIEST_TIMESTAMP) {
      return debugging ? offsets.beginningHere(ref, epoch) : offsets.beginning(ref, epoch);
    }
    if (timestamp == ListOffsetsRequest.MAX_TIMESTAMP && version >= FIRST_WITH_MAX_TIMESTAMP) {
      return offsets.newest(ref, epoch);
    }
    if (timestamp == ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP && version >= FIRST_WITH_LOCAL) {
      // All of a log is local.
      return offsets.beginning(ref, epoch);
    }
    boolean ofTiers =
        (timestamp == ListOffsetsRequest.LATEST_TIERED_TIMESTAMP && version >= FIRST_WITH_TIERED)
            || (timestamp == ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP
                && version >= FIRST_WITH_PENDING_UPLOAD);
    return ofTiers
        ? offsets.beginning(ref, epoch).thenApply(led -> NOTHING)
        : CompletableFuture.failedFuture(Errors.UNSUPPORTED_VERSION.exception());
  }
}
