// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.LogComparison;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Precondition;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operator's election of a leader that may lack acknowledged records (KIP-966). Refused wherever
 * someone leads, or someone who surely has everything would lead by itself.
 */
final class UncleanElection {
  private UncleanElection() {}

  static Decision decide(MetadataImage image, ControllerRequest.ElectFromLastKnown request) {
    TopicIdPartition id = request.partition();
    TopicImage topic = image.topic(id.topicId());
    PartitionRegistration before = image.partition(id);
    if (topic == null || before == null) {
      return Answers.failed(
          image,
          topic == null ? ErrorCode.UNKNOWN_TOPIC : ErrorCode.UNKNOWN_PARTITION,
          "expected partition " + id + ", but there is none",
          "jangada topic list shows the topics there are");
    }
    int elected = candidate(image, before, request.candidate());
    Refusal refusal = check(image, before, request.candidate(), elected);
    if (refusal != null) {
      return Answers.failed(image, refusal);
    }
    if (request.validateOnly()) {
      return new Decision.Answer(new ControllerAnswer.LeaderElected(image.index(), elected));
    }
    PartitionRegistration after =
        LeaderElector.led(before, elected, image.configs(topic)).following(before);
    return Answers.propose(
        image,
        List.of(
            new BatchItem(
                List.of(
                    new Precondition.TopicIdIs(topic.name(), topic.id()),
                    new Precondition.PartitionEpochIs(id, before.partitionEpoch())),
                List.of(new MetadataRecord.PartitionRegistered(id, after)))),
        index -> new ControllerAnswer.LeaderElected(index, elected));
  }

  private static int candidate(MetadataImage image, PartitionRegistration partition, int wanted) {
    if (wanted != PartitionRegistration.NO_LEADER) {
      return wanted;
    }
    LogComparison comparison = partition.comparison();
    if (comparison != null) {
      List<Integer> present = partition.replicas().stream().filter(image::inService).toList();
      for (Integer farthest : comparison.farthest(present)) {
        return farthest;
      }
    }
    return partition.lastKnownElr().stream()
        .filter(image::inService)
        .findFirst()
        .orElse(PartitionRegistration.NO_LEADER);
  }

  private static @Nullable Refusal check(
      MetadataImage image, PartitionRegistration partition, int wanted, int elected) {
    if (partition.hasLeader()) {
      return new Refusal(
          ErrorCode.INVALID_REQUEST,
          "expected a partition without a leader, but broker " + partition.leader() + " leads",
          "nothing is lost and nothing was done");
    }
    if (wanted == PartitionRegistration.NO_LEADER && !partition.elr().isEmpty()) {
      return new Refusal(
          ErrorCode.INVALID_REQUEST,
          "expected no replica that surely has everything, but those of brokers "
              + partition.elr()
              + " do",
          "start one of them; if they are gone for good, name the broker to elect: --broker ID");
    }
    if (elected == PartitionRegistration.NO_LEADER) {
      return new Refusal(
          ErrorCode.LEADER_NOT_AVAILABLE,
          "expected one of the last known eligible replicas "
              + partition.lastKnownElr()
              + " to be in service, but none is",
          "start one of them, or name another of the replicas "
              + partition.replicas()
              + ": --broker ID");
    }
    return partition.replicas().contains(elected) && image.inService(elected)
        ? null
        : new Refusal(
            ErrorCode.INVALID_REQUEST,
            "expected a replica in service among "
                + partition.replicas()
                + ", but got broker "
                + elected,
            "jangada broker list shows who is in service");
  }
}
