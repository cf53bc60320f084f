// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.Precondition;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Deletes topics by id, each on its own (REPLICATION.md, rule 19). */
final class TopicDeletion {
  private TopicDeletion() {}

  static Decision decide(MetadataImage image, ControllerRequest.DeleteTopics request) {
    List<ItemPlan<ControllerAnswer.DeleteTopicResult>> plans = new ArrayList<>();
    for (UUID topicId : request.topicIds()) {
      plans.add(plan(image, topicId, request.validateOnly()));
    }
    return ItemPlan.decide(image, plans, ControllerAnswer.TopicsDeleted::new);
  }

  private static ItemPlan<ControllerAnswer.DeleteTopicResult> plan(
      MetadataImage image, UUID topicId, boolean validateOnly) {
    TopicImage topic = image.topic(topicId);
    if (topic == null) {
      return ItemPlan.settled(
          new ControllerAnswer.DeleteTopicResult(
              topicId,
              new Refusal(
                  ErrorCode.UNKNOWN_TOPIC,
                  "expected a topic with id " + topicId + ", but there is none")));
    }
    if (validateOnly) {
      return ItemPlan.settled(new ControllerAnswer.DeleteTopicResult(topicId, null));
    }
    return ItemPlan.proposed(
        new BatchItem(
            List.of(new Precondition.TopicIdIs(topic.name(), topicId)),
            List.of(new MetadataRecord.TopicDeleted(topicId))),
        rejected -> new ControllerAnswer.DeleteTopicResult(topicId, rejected));
  }
}
