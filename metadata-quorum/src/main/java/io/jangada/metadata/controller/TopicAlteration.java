// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Precondition;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicConfigs;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes topics' configurations, each on its own. Another {@code min.insync.replicas} says anew
 * who is eligible, in the same entry (KIP-966), and raises every partition epoch of the topic: a
 * change of the ISR that was decided under the old one must not be applied under the new one.
 */
final class TopicAlteration {
  private TopicAlteration() {}

  static Decision decide(MetadataImage image, ControllerRequest.AlterTopicConfigs request) {
    if (image.cluster().featureLevel() < FeatureRange.TOPIC_CONFIGURED) {
      return Answers.failed(
          image,
          ErrorCode.UNSUPPORTED,
          "expected feature level "
              + FeatureRange.TOPIC_CONFIGURED
              + " or above to change a topic's configuration, but it is "
              + image.cluster().featureLevel(),
          "create the topic anew, or raise the feature level once every node runs this version");
    }
    List<ItemPlan<ControllerAnswer.AlterTopicConfigsResult>> plans = new ArrayList<>();
    for (ControllerRequest.TopicConfigChange change : request.changes()) {
      plans.add(plan(image, change, request.validateOnly()));
    }
    return ItemPlan.decide(image, plans, ControllerAnswer.TopicConfigsAltered::new);
  }

  private static ItemPlan<ControllerAnswer.AlterTopicConfigsResult> plan(
      MetadataImage image, ControllerRequest.TopicConfigChange change, boolean validateOnly) {
    TopicImage topic = image.topic(change.topicId());
    Refusal refusal =
        topic == null
            ? new Refusal(
                ErrorCode.UNKNOWN_TOPIC,
                "expected a topic with id " + change.topicId() + ", but there is none")
            : check(change);
    if (topic == null || refusal != null) {
      return settled(change, refusal);
    }
    Map<String, String> configs = changed(image, topic, change);
    Refusal together = TopicConfigs.checkTogether(configs, image.cluster().featureLevel());
    if (together != null) {
      return settled(change, together);
    }
    if (validateOnly || configs.equals(topic.configs())) {
      return settled(change, null);
    }
    return ItemPlan.proposed(
        item(topic, configs),
        rejected -> new ControllerAnswer.AlterTopicConfigsResult(change.topicId(), rejected));
  }

  private static ItemPlan<ControllerAnswer.AlterTopicConfigsResult> settled(
      ControllerRequest.TopicConfigChange change, @Nullable Refusal refusal) {
    return ItemPlan.settled(
        new ControllerAnswer.AlterTopicConfigsResult(change.topicId(), refusal));
  }

  private static @Nullable Refusal check(ControllerRequest.TopicConfigChange change) {
    for (String key : change.unset()) {
      Refusal unknown = TopicConfigs.checkKey(key);
      if (unknown != null) {
        return unknown;
      }
      if (change.set().containsKey(key)) {
        return new Refusal(
            ErrorCode.INVALID_CONFIG,
            "expected " + key + " to be set or unset, but the change does both");
      }
    }
    return TopicConfigs.check(change.set());
  }

  private static Map<String, String> changed(
      MetadataImage image, TopicImage topic, ControllerRequest.TopicConfigChange change) {
    Map<String, String> configs = new TreeMap<>(topic.configs());
    change.unset().forEach(configs::remove);
    configs.putAll(change.set());
    return TopicCreation.withMinIsr(image, configs, Math.max(1, topic.replicationFactor()));
  }

  private static BatchItem item(TopicImage topic, Map<String, String> configs) {
    List<Precondition> preconditions = new ArrayList<>();
    List<MetadataRecord> records = new ArrayList<>();
    preconditions.add(new Precondition.TopicConfigsAre(topic.id(), topic.configs()));
    records.add(new MetadataRecord.TopicConfigured(topic.id(), configs));
    int minInsyncReplicas = TopicConfigs.of(configs).minInsyncReplicas();
    if (minInsyncReplicas != topic.typedConfigs().minInsyncReplicas()) {
      topic
          .partitions()
          .forEach(
              (number, before) -> {
                TopicIdPartition id = topic.partitionId(number);
                PartitionRegistration after =
                    IsrRules.withIsr(before, before.isr(), minInsyncReplicas)
                        .withEpochs(before.leaderEpoch(), before.partitionEpoch() + 1);
                preconditions.add(new Precondition.PartitionEpochIs(id, before.partitionEpoch()));
                records.add(new MetadataRecord.PartitionRegistered(id, after));
              });
    }
    return new BatchItem(preconditions, records);
  }
}
