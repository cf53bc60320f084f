// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.service;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.ControllerAnswer.LeaderElected;
import io.jangada.metadata.command.ControllerAnswer.PartitionsAdded;
import io.jangada.metadata.command.ControllerAnswer.PreferredElectionResult;
import io.jangada.metadata.command.ControllerAnswer.TopicConfigsAltered;
import io.jangada.metadata.command.ControllerAnswer.TopicsCreated;
import io.jangada.metadata.command.ControllerAnswer.TopicsDeleted;
import io.jangada.metadata.command.ControllerRequest.AddPartitions;
import io.jangada.metadata.command.ControllerRequest.AlterTopicConfigs;
import io.jangada.metadata.command.ControllerRequest.CreateTopics;
import io.jangada.metadata.command.ControllerRequest.DeleteTopics;
import io.jangada.metadata.command.ControllerRequest.ElectFromLastKnown;
import io.jangada.metadata.command.ControllerRequest.NewTopic;
import io.jangada.metadata.command.ControllerRequest.PartitionCount;
import io.jangada.metadata.command.ControllerRequest.TopicConfigChange;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Creates, changes, repairs and deletes topics through the quorum leader, and answers only when
 * this broker sees the change itself, so that a client's next request here does not find the old
 * state.
 */
public final class TopicAdmin {
  private final ControllerRequests requests;

  /** Sends to the controller, waits on the metadata here. */
  public TopicAdmin(ControllerGateway controller, ClusterMetadata metadata) {
    this(controller, metadata, MetadataVisibility.HERE);
  }

  /** The same, and waits a moment for the other brokers too. */
  public TopicAdmin(
      ControllerGateway controller, ClusterMetadata metadata, MetadataVisibility visibility) {
    this.requests = new ControllerRequests(controller, metadata, visibility);
  }

  /** Creates topics, or only says whether it would; each has its own result. */
  public CompletableFuture<TopicsCreated> create(List<NewTopic> topics, boolean validateOnly) {
    return requests.submit(
        new CreateTopics(topics, validateOnly),
        answer -> answer instanceof TopicsCreated created ? created : null);
  }

  /** Deletes topics, or only says whether it would; each has its own result. */
  public CompletableFuture<TopicsDeleted> delete(List<UUID> topicIds, boolean validateOnly) {
    return requests.submit(
        new DeleteTopics(topicIds, validateOnly),
        answer -> answer instanceof TopicsDeleted deleted ? deleted : null);
  }

  /** Changes configurations, or only says whether it would; each topic has its own result. */
  public CompletableFuture<TopicConfigsAltered> alter(
      List<TopicConfigChange> changes, boolean validateOnly) {
    return requests.submit(
        new AlterTopicConfigs(changes, validateOnly),
        answer -> answer instanceof TopicConfigsAltered altered ? altered : null);
  }

  /** Adds partitions, or only says whether it would; each topic has its own result. */
  public CompletableFuture<PartitionsAdded> addPartitions(
      List<PartitionCount> topics, boolean validateOnly) {
    return requests.submit(
        new AddPartitions(topics, validateOnly),
        answer -> answer instanceof PartitionsAdded added ? added : null);
  }

  /**
   * Moves leaderships to the preferred replicas, or only says what would happen; each partition has
   * its own result. Any number of them: they are decided some hundred at a time.
   */
  public CompletableFuture<List<PreferredElectionResult>> electPreferred(
      List<TopicIdPartition> partitions, boolean validateOnly) {
    return new PreferredElections(requests, partitions, validateOnly).run();
  }

  /**
   * Has a leader elected that may lack acknowledged records (KIP-966), or only says who it would
   * be.
   *
   * @param candidate the broker to elect, or -1 for one of the last known eligible replicas
   */
  public CompletableFuture<LeaderElected> electFromLastKnown(
      TopicIdPartition partition, int candidate, boolean validateOnly) {
    return requests.submit(
        new ElectFromLastKnown(partition, candidate, validateOnly),
        answer -> answer instanceof LeaderElected elected ? elected : null);
  }
}
