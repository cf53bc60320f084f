// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.frontdoor;

import io.jangada.api.v1.DescribeQuorumResponse;
import io.jangada.broker.service.AppendService;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.FetchService;
import io.jangada.broker.service.GroupDirectory;
import io.jangada.broker.service.OffsetService;
import io.jangada.broker.service.ProducerDescriptions;
import io.jangada.broker.service.ProducerIdService;
import io.jangada.broker.service.RecordDeletion;
import io.jangada.broker.service.ReplicaOffsets;
import io.jangada.broker.service.SettingsAdmin;
import io.jangada.broker.service.TopicAdmin;
import io.jangada.broker.settings.SettingsDescriber;
import io.jangada.groups.KafkaGroups;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * What a broker does for clients, whatever they speak. All of it is thread-safe.
 *
 * @param brokerId of this broker
 * @param metadata what it knows of the cluster
 * @param partitions writing and reading
 * @param admin looking after the cluster
 * @param groups consumer groups
 */
public record ClientServices(
    int brokerId, ClusterMetadata metadata, Partitions partitions, Admin admin, Groups groups) {

  /**
   * Consumer groups.
   *
   * @param directory which broker coordinates which group
   * @param kafka the groups that are coordinated here, in the words of the Kafka protocol
   */
  public record Groups(GroupDirectory directory, KafkaGroups kafka) {}

  /**
   * Writing to and reading from the partitions that are here.
   *
   * @param appends writing
   * @param fetches reading
   * @param offsets where logs begin, end, and were at a time
   * @param producerIds for idempotent producers
   * @param producers who has written
   */
  public record Partitions(
      AppendService appends,
      FetchService fetches,
      OffsetService offsets,
      ProducerIdService producerIds,
      ProducerDescriptions producers) {}

  /**
   * Looking after the cluster, wherever what is meant is.
   *
   * @param topics creates, changes and deletes them
   * @param settings changes those of the cluster and of brokers
   * @param describer tells every setting of this node with its source
   * @param deletion of old records
   * @param offsets of partitions, from their leaders
   * @param quorum describes the metadata quorum
   */
  public record Admin(
      TopicAdmin topics,
      SettingsAdmin settings,
      SettingsDescriber describer,
      RecordDeletion deletion,
      ReplicaOffsets offsets,
      Supplier<CompletableFuture<DescribeQuorumResponse>> quorum) {}
}
