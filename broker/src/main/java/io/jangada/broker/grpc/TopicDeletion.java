// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.jangada.api.v1.DeleteTopicResult;
import io.jangada.api.v1.TopicRef;
import io.jangada.broker.service.TopicLookup;
import io.jangada.common.JangadaException;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A request to delete topics: names become ids by this broker's image, and the answers are put back
 * into the order of the request.
 */
final class TopicDeletion {
  private sealed interface Item {
    TopicRef asked();

    record Known(TopicRef asked, UUID id) implements Item {}

    record Refused(TopicRef asked, JangadaException why) implements Item {}
  }

  private final List<Item> items;

  private TopicDeletion(List<Item> items) {
    this.items = items;
  }

  static TopicDeletion of(MetadataImage image, List<TopicRef> asked) {
    List<Item> items = new ArrayList<>();
    for (TopicRef ref : asked) {
      try {
        items.add(new Item.Known(ref, TopicLookup.topic(image, WireRefs.topic(ref)).id()));
      } catch (JangadaException unknown) {
        items.add(new Item.Refused(ref, unknown));
      }
    }
    return new TopicDeletion(items);
  }

  /** The topics that the controller is asked to delete. */
  List<UUID> ids() {
    List<UUID> ids = new ArrayList<>();
    for (Item item : items) {
      if (item instanceof Item.Known known) {
        ids.add(known.id());
      }
    }
    return ids;
  }

  /** One result for each topic asked for. */
  List<DeleteTopicResult> results(ControllerAnswer.TopicsDeleted deleted) {
    Map<UUID, Refusal> refusals = new HashMap<>();
    for (ControllerAnswer.DeleteTopicResult result : deleted.results()) {
      if (result.refusal() != null) {
        refusals.put(result.topicId(), result.refusal());
      }
    }
    return items.stream().map(item -> result(item, refusals)).toList();
  }

  private static DeleteTopicResult result(Item item, Map<UUID, Refusal> refusals) {
    DeleteTopicResult.Builder result = DeleteTopicResult.newBuilder().setTopic(item.asked());
    switch (item) {
      case Item.Known known -> {
        Refusal refusal = refusals.get(known.id());
        if (refusal != null) {
          result.setError(Failures.toError(refusal.toException()));
        }
      }
      case Item.Refused refused -> result.setError(Failures.toError(refused.why()));
    }
    return result.build();
  }
}
