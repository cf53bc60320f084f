// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.common.Uuids;
import io.jangada.internal.v1.BrokerIdAndEpochProto;
import io.jangada.internal.v1.BrokerProfileProto;
import io.jangada.internal.v1.BrokerRegistrationProto;
import io.jangada.internal.v1.BrokerStatusProto;
import io.jangada.internal.v1.ConfigProto;
import io.jangada.internal.v1.NodeRoleProto;
import io.jangada.internal.v1.PartitionIdProto;
import io.jangada.internal.v1.PartitionRegistrationProto;
import io.jangada.internal.v1.ProvenanceProto;
import io.jangada.internal.v1.RecordProto;
import io.jangada.internal.v1.RefusalProto;
import io.jangada.internal.v1.ReplicaVerdictsProto;
import io.jangada.internal.v1.TopicPartitionsProto;
import io.jangada.internal.v1.UnfitDirectoryProto;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** The values that records, requests and answers share. */
final class ValueCodec {
  private ValueCodec() {}

  static PartitionIdProto toProto(TopicIdPartition id) {
    return PartitionIdProto.newBuilder()
        .setTopicId(Uuids.toBytes(id.topicId()))
        .setPartition(id.partition())
        .build();
  }

  static TopicIdPartition fromProto(PartitionIdProto id) {
    return new TopicIdPartition(Uuids.fromBytes(id.getTopicId()), id.getPartition());
  }

  static BrokerIdAndEpochProto toProto(int brokerId, long brokerEpoch) {
    return BrokerIdAndEpochProto.newBuilder()
        .setBrokerId(brokerId)
        .setBrokerEpoch(brokerEpoch)
        .build();
  }

  static BrokerIdAndEpoch fromProto(BrokerIdAndEpochProto broker) {
    return new BrokerIdAndEpoch(broker.getBrokerId(), broker.getBrokerEpoch());
  }

  static PartitionRegistrationProto toProto(PartitionRegistration partition) {
    PartitionRegistrationProto.Builder builder =
        PartitionRegistrationProto.newBuilder()
            .addAllReplicas(partition.replicas())
            .addAllIsr(partition.isr())
            .addAllElr(partition.elr())
            .addAllLastKnownElr(partition.lastKnownElr())
            .setLeader(partition.leader())
            .setLeaderEpoch(partition.leaderEpoch())
            .setPartitionEpoch(partition.partitionEpoch());
    LogComparison comparison = partition.comparison();
    if (comparison != null) {
      builder.setComparison(LogEndCodec.toProto(comparison));
    }
    return builder.build();
  }

  static PartitionRegistration fromProto(PartitionRegistrationProto partition) {
    return new PartitionRegistration(
        partition.getReplicasList(),
        partition.getIsrList(),
        partition.getElrList(),
        partition.getLastKnownElrList(),
        partition.getLeader(),
        partition.getLeaderEpoch(),
        partition.getPartitionEpoch(),
        partition.hasComparison() ? LogEndCodec.fromProto(partition.getComparison()) : null);
  }

  static BrokerRegistrationProto toProto(BrokerRegistration broker) {
    return BrokerRegistrationProto.newBuilder()
        .setBrokerId(broker.brokerId())
        .setBrokerEpoch(broker.brokerEpoch())
        .setIncarnation(Uuids.toBytes(broker.incarnation()))
        .setStatus(toProto(broker.status()))
        .setProfile(toProto(broker.profile()))
        .setProvenance(toProto(broker.provenance()))
        .addAllUnfit(broker.unfit().stream().map(ValueCodec::toProto).toList())
        .build();
  }

  static BrokerRegistration fromProto(BrokerRegistrationProto broker) {
    return new BrokerRegistration(
        broker.getBrokerId(),
        broker.getBrokerEpoch(),
        Uuids.fromBytes(broker.getIncarnation()),
        fromProto(broker.getStatus()),
        fromProto(broker.getProfile()),
        fromProto(broker.getProvenance()),
        broker.getUnfitList().stream().map(ValueCodec::fromProto).toList());
  }

  static BrokerStatusProto toProto(BrokerStatus status) {
    return switch (status) {
      case FENCED -> BrokerStatusProto.BROKER_STATUS_PROTO_FENCED;
      case ACTIVE -> BrokerStatusProto.BROKER_STATUS_PROTO_ACTIVE;
      case SHUTTING_DOWN -> BrokerStatusProto.BROKER_STATUS_PROTO_SHUTTING_DOWN;
    };
  }

  static BrokerStatus fromProto(BrokerStatusProto status) {
    return switch (status) {
      case BROKER_STATUS_PROTO_FENCED -> BrokerStatus.FENCED;
      case BROKER_STATUS_PROTO_ACTIVE -> BrokerStatus.ACTIVE;
      case BROKER_STATUS_PROTO_SHUTTING_DOWN -> BrokerStatus.SHUTTING_DOWN;
      case BROKER_STATUS_PROTO_UNSPECIFIED, UNRECOGNIZED ->
          throw MetadataCodec.unknown("broker status");
    };
  }

  static BrokerProfileProto toProto(BrokerProfile profile) {
    BrokerProfileProto.Builder builder =
        BrokerProfileProto.newBuilder()
            .setGrpcEndpoint(profile.endpoints().grpc())
            .setKafkaEndpoint(profile.endpoints().kafka())
            .setHttpEndpoint(profile.endpoints().http())
            .setExternalGrpcEndpoint(profile.endpoints().externalGrpc())
            .setExternalKafkaEndpoint(profile.endpoints().externalKafka())
            .setRack(profile.rack())
            .setMinFeatureLevel(profile.features().min())
            .setMaxFeatureLevel(profile.features().max());
    profile.roles().forEach(role -> builder.addRoles(toProto(role)));
    return builder.build();
  }

  static BrokerProfile fromProto(BrokerProfileProto profile) {
    return new BrokerProfile(
        new Endpoints(
            profile.getGrpcEndpoint(),
            profile.getKafkaEndpoint(),
            profile.getHttpEndpoint(),
            profile.getExternalGrpcEndpoint(),
            profile.getExternalKafkaEndpoint()),
        profile.getRack(),
        profile.getRolesList().stream().map(ValueCodec::fromProto).toList(),
        new FeatureRange(profile.getMinFeatureLevel(), profile.getMaxFeatureLevel()));
  }

  private static NodeRoleProto toProto(NodeRole role) {
    return switch (role) {
      case QUORUM -> NodeRoleProto.NODE_ROLE_PROTO_QUORUM;
      case BROKER -> NodeRoleProto.NODE_ROLE_PROTO_BROKER;
    };
  }

  private static NodeRole fromProto(NodeRoleProto role) {
    return switch (role) {
      case NODE_ROLE_PROTO_QUORUM -> NodeRole.QUORUM;
      case NODE_ROLE_PROTO_BROKER -> NodeRole.BROKER;
      case NODE_ROLE_PROTO_UNSPECIFIED, UNRECOGNIZED -> throw MetadataCodec.unknown("node role");
    };
  }

  static ProvenanceProto toProto(Provenance provenance) {
    ProvenanceProto.Builder builder =
        ProvenanceProto.newBuilder()
            .setBootId(Uuids.toBytes(provenance.bootId()))
            .setCleanShutdownEpoch(provenance.cleanShutdownEpoch());
    provenance.directories().forEach(id -> builder.addDirectories(Uuids.toBytes(id)));
    Provenance.Run run = provenance.run();
    if (run.number() > 0) {
      builder.setDataDirectory(Uuids.toBytes(run.dataDirectory())).setRun(run.number());
    }
    return builder.build();
  }

  static Provenance fromProto(ProvenanceProto provenance) {
    return new Provenance(
        provenance.getDirectoriesList().stream().map(Uuids::fromBytes).toList(),
        Uuids.fromBytes(provenance.getBootId()),
        provenance.getCleanShutdownEpoch(),
        provenance.getRun() > 0
            ? new Provenance.Run(
                Uuids.fromBytes(provenance.getDataDirectory()), provenance.getRun())
            : Provenance.Run.UNKNOWN);
  }

  static UnfitDirectoryProto toProto(UnfitDirectory directory) {
    return UnfitDirectoryProto.newBuilder()
        .setDirectoryId(Uuids.toBytes(directory.directoryId()))
        .setReason(directory.reason())
        .build();
  }

  static UnfitDirectory fromProto(UnfitDirectoryProto directory) {
    return new UnfitDirectory(Uuids.fromBytes(directory.getDirectoryId()), directory.getReason());
  }

  static ReplicaVerdictsProto toProto(ReplicaVerdicts verdicts) {
    ReplicaVerdictsProto.Builder builder =
        ReplicaVerdictsProto.newBuilder()
            .addAllSuspect(byTopic(verdicts.suspect()))
            .addAllUnsynced(byTopic(verdicts.unsynced()))
            .addAllDamaged(byTopic(verdicts.damaged()))
            .addAllEnds(LogEndCodec.byTopic(verdicts.ends()));
    verdicts
        .whole()
        .forEach(
            (directory, replicas) ->
                builder
                    .addWholeBuilder()
                    .setDirectoryId(Uuids.toBytes(directory))
                    .addAllReplicas(byTopic(replicas)));
    return builder.build();
  }

  static ReplicaVerdicts fromProto(ReplicaVerdictsProto verdicts) {
    Map<UUID, SortedSet<TopicIdPartition>> whole = new TreeMap<>();
    verdicts
        .getWholeList()
        .forEach(
            directory ->
                whole.put(
                    Uuids.fromBytes(directory.getDirectoryId()),
                    ofTopics(directory.getReplicasList())));
    return ReplicaVerdicts.of(
            whole,
            ofTopics(verdicts.getSuspectList()),
            ofTopics(verdicts.getUnsyncedList()),
            ofTopics(verdicts.getDamagedList()))
        .withEnds(LogEndCodec.ofTopics(verdicts.getEndsList()));
  }

  /** Thousands of partitions take a few bytes each this way. */
  static List<TopicPartitionsProto> byTopic(SortedSet<TopicIdPartition> partitions) {
    Map<UUID, TopicPartitionsProto.Builder> topics = new TreeMap<>();
    for (TopicIdPartition partition : partitions) {
      topics
          .computeIfAbsent(
              partition.topicId(),
              topicId -> TopicPartitionsProto.newBuilder().setTopicId(Uuids.toBytes(topicId)))
          .addPartitions(partition.partition());
    }
    return topics.values().stream().map(TopicPartitionsProto.Builder::build).toList();
  }

  static SortedSet<TopicIdPartition> ofTopics(List<TopicPartitionsProto> topics) {
    SortedSet<TopicIdPartition> partitions = new TreeSet<>();
    for (TopicPartitionsProto topic : topics) {
      UUID topicId = Uuids.fromBytes(topic.getTopicId());
      topic
          .getPartitionsList()
          .forEach(partition -> partitions.add(new TopicIdPartition(topicId, partition)));
    }
    return partitions;
  }

  static List<ConfigProto> toProto(Map<String, String> configs) {
    return configs.entrySet().stream()
        .map(
            config ->
                ConfigProto.newBuilder()
                    .setKey(config.getKey())
                    .setValue(config.getValue())
                    .build())
        .toList();
  }

  static RecordProto.SettingsConfigured toProto(int brokerId, Map<String, String> settings) {
    return RecordProto.SettingsConfigured.newBuilder()
        .setBrokerId(brokerId)
        .addAllSettings(toProto(settings))
        .build();
  }

  static Map<String, String> fromProto(List<ConfigProto> configs) {
    Map<String, String> map = new TreeMap<>();
    configs.forEach(config -> map.put(config.getKey(), config.getValue()));
    return map;
  }

  static RefusalProto toProto(Refusal refusal) {
    return RefusalProto.newBuilder()
        .setCode(refusal.code().name())
        .setMessage(refusal.message())
        .setHint(refusal.hint())
        .build();
  }

  static Refusal fromProto(RefusalProto refusal) {
    return new Refusal(
        ErrorCode.ofName(refusal.getCode()).orElse(ErrorCode.INTERNAL),
        refusal.getMessage(),
        refusal.getHint());
  }
}
