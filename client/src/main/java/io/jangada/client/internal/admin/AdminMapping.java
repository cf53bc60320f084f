// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.admin;

import com.google.protobuf.ByteString;
import io.jangada.api.v1.BrokerInfo;
import io.jangada.api.v1.CreatePartitionsResult;
import io.jangada.api.v1.CreateTopicResult;
import io.jangada.api.v1.DescribeQuorumResponse;
import io.jangada.api.v1.PartitionInfo;
import io.jangada.api.v1.PartitionOffsets;
import io.jangada.api.v1.QuorumMember;
import io.jangada.api.v1.TopicInfo;
import io.jangada.api.v1.TopicSummary;
import io.jangada.api.v1.UnfitDirectory;
import io.jangada.client.BrokerDescription;
import io.jangada.client.Outcome;
import io.jangada.client.PartitionDescription;
import io.jangada.client.PartitionIncrease;
import io.jangada.client.PreferredElection;
import io.jangada.client.QuorumDescription;
import io.jangada.client.TopicDescription;
import io.jangada.client.TopicListing;
import io.jangada.common.TopicPartition;
import io.jangada.common.Uuids;
import io.jangada.wire.WireErrors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Turns messages into the records of the public interface. */
final class AdminMapping {
  private static final UUID NO_ID = new UUID(0, 0);
  private static final PartitionDescription.Offsets NO_OFFSETS =
      new PartitionDescription.Offsets(-1, -1, -1, null);

  private AdminMapping() {}

  static Outcome<TopicListing> created(CreateTopicResult result) {
    if (result.hasError()) {
      return new Outcome<>(result.getName(), null, WireErrors.fromWire(result.getError()));
    }
    return new Outcome<>(
        result.getName(),
        new TopicListing(
            result.getName(),
            id(result.getId()),
            result.getPartitions(),
            result.getReplicationFactor(),
            false),
        null);
  }

  static Outcome<PartitionIncrease> increased(CreatePartitionsResult result) {
    String name = result.getTopic().getName();
    return result.hasError()
        ? new Outcome<>(name, null, WireErrors.fromWire(result.getError()))
        : new Outcome<>(
            name, new PartitionIncrease(name, result.getTotalBefore(), result.getTotal()), null);
  }

  static Outcome<PreferredElection> elected(io.jangada.api.v1.PreferredElection election) {
    TopicPartition partition =
        new TopicPartition(
            election.getPartition().getTopic().getName(), election.getPartition().getPartition());
    return election.hasError()
        ? new Outcome<>(partition.toString(), null, WireErrors.fromWire(election.getError()))
        : new Outcome<>(
            partition.toString(),
            new PreferredElection(partition, election.getLeaderBeforeId(), election.getLeaderId()),
            null);
  }

  static TopicListing listing(TopicSummary summary) {
    return new TopicListing(
        summary.getName(),
        id(summary.getId()),
        summary.getPartitions(),
        summary.getReplicationFactor(),
        summary.getInternal());
  }

  static Outcome<TopicDescription> described(io.jangada.api.v1.TopicDescription description) {
    TopicInfo topic = description.getTopic();
    if (description.hasError()) {
      return new Outcome<>(topic.getName(), null, WireErrors.fromWire(description.getError()));
    }
    Map<Integer, PartitionOffsets> offsets =
        description.getOffsetsList().stream()
            .collect(
                Collectors.toMap(
                    PartitionOffsets::getPartition, Function.identity(), (first, again) -> first));
    List<PartitionDescription> partitions = new ArrayList<>();
    for (PartitionInfo partition : topic.getPartitionsList()) {
      partitions.add(partition(partition, offsets.get(partition.getPartition())));
    }
    partitions.sort(Comparator.comparingInt(PartitionDescription::partition));
    return new Outcome<>(
        topic.getName(),
        new TopicDescription(
            topic.getName(),
            id(topic.getId()),
            topic.getInternal(),
            Map.copyOf(topic.getConfigsMap()),
            List.copyOf(partitions)),
        null);
  }

  private static PartitionDescription partition(
      PartitionInfo info, @org.jspecify.annotations.Nullable PartitionOffsets offsets) {
    return new PartitionDescription(
        info.getPartition(),
        info.getLeader(),
        info.getLeaderEpoch(),
        info.getPartitionEpoch(),
        List.copyOf(info.getReplicasList()),
        List.copyOf(info.getIsrList()),
        List.copyOf(info.getElrList()),
        offsets == null
            ? NO_OFFSETS
            : new PartitionDescription.Offsets(
                offsets.getLogStartOffset(),
                offsets.getHighWatermark(),
                offsets.getLogEndOffset(),
                offsets.hasError() ? WireErrors.fromWire(offsets.getError()) : null));
  }

  static BrokerDescription broker(BrokerInfo info) {
    return new BrokerDescription(
        info.getId(),
        info.getGrpcAddress(),
        info.getKafkaAddress(),
        info.getHttpAddress(),
        info.getRack(),
        switch (info.getState()) {
          case BROKER_STATE_FENCED -> BrokerDescription.State.FENCED;
          case BROKER_STATE_ACTIVE -> BrokerDescription.State.ACTIVE;
          case BROKER_STATE_SHUTTING_DOWN -> BrokerDescription.State.SHUTTING_DOWN;
          case BROKER_STATE_UNSPECIFIED, UNRECOGNIZED -> BrokerDescription.State.UNKNOWN;
        },
        info.getBrokerEpoch(),
        List.copyOf(info.getRolesList()),
        info.getUnfitDirectoriesList().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    directory -> Uuids.fromBytes(directory.getId()),
                    UnfitDirectory::getReason,
                    (first, second) -> second)));
  }

  static QuorumDescription quorum(DescribeQuorumResponse response) {
    List<QuorumDescription.Member> members = new ArrayList<>();
    for (QuorumMember member : response.getMembersList()) {
      members.add(
          new QuorumDescription.Member(
              member.getNodeId(),
              member.getAddress(),
              member.getLeader(),
              member.getMatchIndex(),
              member.getLastContactMs(),
              member.getGrpcAddress(),
              member.getDirectoryId()));
    }
    members.sort(Comparator.comparingInt(QuorumDescription.Member::nodeId));
    return new QuorumDescription(
        response.getClusterId(),
        response.getLeaderId(),
        response.getTerm(),
        response.getControllerEpoch(),
        response.getCommittedIndex(),
        response.getFeatureLevel(),
        List.copyOf(members));
  }

  private static UUID id(ByteString bytes) {
    return bytes.isEmpty() ? NO_ID : Uuids.fromBytes(bytes);
  }
}
