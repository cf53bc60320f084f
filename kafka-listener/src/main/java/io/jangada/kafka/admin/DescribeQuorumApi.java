// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.api.v1.DescribeQuorumResponse;
import io.jangada.api.v1.QuorumMember;
import io.jangada.kafka.api.KafkaApi;
import io.jangada.kafka.api.KafkaIds;
import io.jangada.kafka.api.RequestContext;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.Listener;
import org.apache.kafka.common.message.DescribeQuorumResponseData.Node;
import org.apache.kafka.common.message.DescribeQuorumResponseData.PartitionData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.ReplicaState;
import org.apache.kafka.common.message.DescribeQuorumResponseData.TopicData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * DescribeQuorum (KIP-595): the metadata quorum, as if its log were Kafka's {@code
 * __cluster_metadata}. Who does not vote is not told: brokers get the metadata as a stream.
 */
final class DescribeQuorumApi implements KafkaApi<DescribeQuorumRequestData> {
  /** What Kafka's controllers usually call theirs. */
  private static final String LISTENER = "CONTROLLER";

  private static final int PARTITION = 0;
  private static final long UNKNOWN = -1;

  private final Supplier<CompletableFuture<DescribeQuorumResponse>> quorum;
  private final InstantSource clock;

  /**
   * Asks the quorum's leader.
   *
   * @param clock the members' contacts are told as times, not as ages
   */
  DescribeQuorumApi(
      Supplier<CompletableFuture<DescribeQuorumResponse>> quorum, InstantSource clock) {
    this.quorum = quorum;
    this.clock = clock;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_QUORUM;
  }

  @Override
  public CompletableFuture<DescribeQuorumResponseData> handle(
      DescribeQuorumRequestData request, RequestContext context) {
    if (!asksForMetadata(request)) {
      return CompletableFuture.completedFuture(unknown(request));
    }
    return quorum.get().thenApply(answer -> toWire(answer, context.version()));
  }

  private static boolean asksForMetadata(DescribeQuorumRequestData request) {
    return request.topics().size() == 1
        && request.topics().getFirst().topicName().equals(Topic.CLUSTER_METADATA_TOPIC_NAME)
        && request.topics().getFirst().partitions().size() == 1
        && request.topics().getFirst().partitions().getFirst().partitionIndex() == PARTITION;
  }

  private static DescribeQuorumResponseData unknown(DescribeQuorumRequestData request) {
    DescribeQuorumResponseData response = new DescribeQuorumResponseData();
    for (DescribeQuorumRequestData.TopicData topic : request.topics()) {
      response
          .topics()
          .add(
              new TopicData()
                  .setTopicName(topic.topicName())
                  .setPartitions(
                      topic.partitions().stream()
                          .map(
                              partition ->
                                  new PartitionData()
                                      .setPartitionIndex(partition.partitionIndex())
                                      .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code())
                                      .setErrorMessage(
                                          "expected the log of the metadata, and its partition 0"))
                          .toList()));
    }
    return response;
  }

  private DescribeQuorumResponseData toWire(DescribeQuorumResponse quorumNow, short version) {
    PartitionData partition =
        new PartitionData()
            .setPartitionIndex(PARTITION)
            .setErrorCode(Errors.NONE.code())
            .setLeaderId(quorumNow.getLeaderId())
            .setLeaderEpoch((int) quorumNow.getTerm())
            // An offset is the next one to be written.
            .setHighWatermark(quorumNow.getCommittedIndex() + 1);
    DescribeQuorumResponseData response = new DescribeQuorumResponseData();
    for (QuorumMember member : quorumNow.getMembersList()) {
      partition.currentVoters().add(voter(member, quorumNow, version));
      if (version >= 2) {
        response.nodes().add(node(member));
      }
    }
    response
        .topics()
        .add(
            new TopicData()
                .setTopicName(Topic.CLUSTER_METADATA_TOPIC_NAME)
                .setPartitions(List.of(partition)));
    return response;
  }

  private ReplicaState voter(QuorumMember member, DescribeQuorumResponse quorumNow, short version) {
    long nowMs = clock.millis();
    long heardOfMs =
        member.getLeader()
            ? nowMs
            : member.getLastContactMs() < 0 ? UNKNOWN : nowMs - member.getLastContactMs();
    long index =
        member.getLeader()
            ? Math.max(member.getMatchIndex(), quorumNow.getCommittedIndex())
            : member.getMatchIndex();
    ReplicaState voter =
        new ReplicaState()
            .setReplicaId(member.getNodeId())
            .setLogEndOffset(index < 0 ? UNKNOWN : index + 1)
            .setLastFetchTimestamp(heardOfMs)
            .setLastCaughtUpTimestamp(index >= quorumNow.getCommittedIndex() ? heardOfMs : UNKNOWN);
    return version >= 2 ? voter.setReplicaDirectoryId(directory(member)) : voter;
  }

  /** The beginning of an id is none. */
  private static Uuid directory(QuorumMember member) {
    try {
      return KafkaIds.toKafka(UUID.fromString(member.getDirectoryId()));
    } catch (IllegalArgumentException incomplete) {
      return Uuid.ZERO_UUID;
    }
  }

  private static Node node(QuorumMember member) {
    Node node = new Node().setNodeId(member.getNodeId());
    int colon = member.getAddress().lastIndexOf(':');
    if (colon > 0) {
      node.listeners()
          .add(
              new Listener()
                  .setName(LISTENER)
                  .setHost(member.getAddress().substring(0, colon))
                  .setPort(Integer.parseInt(member.getAddress().substring(colon + 1))));
    }
    return node;
  }
}
