// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.jangada.api.v1.TopicRef;
import io.jangada.broker.service.TopicLookup;
import io.jangada.common.JangadaException;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The topics of a request that changes them: names become ids by this broker's image, and the
 * controller's answers are put back into the order of the request.
 */
final class NamedTopics {
  private sealed interface Item {
    TopicRef asked();

    record Known(TopicRef asked, UUID id) implements Item {}

    record Refused(TopicRef asked, JangadaException why) implements Item {}
  }

  private final List<Item> items;

  private NamedTopics(List<Item> items) {
    this.items = items;
  }

  static NamedTopics of(MetadataImage image, List<TopicRef> asked) {
    List<Item> items = new ArrayList<>();
    for (TopicRef ref : asked) {
      try {
        items.add(new Item.Known(ref, TopicLookup.topic(image, WireRefs.topic(ref)).id()));
      } catch (JangadaException unknown) {
        items.add(new Item.Refused(ref, unknown));
      }
    }
    return new NamedTopics(items);
  }

  /**
   * What the controller is asked about each topic that is known here.
   *
   * @param each made from the position in the request and the id
   */
  <T> List<T> known(BiFunction<Integer, UUID, T> each) {
    List<T> known = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i) instanceof Item.Known(TopicRef ignored, UUID id)) {
        known.add(each.apply(i, id));
      }
    }
    return known;
  }

  /**
   * One result for each topic asked for.
   *
   * @param refusals the controller's, by id
   * @param result made from what was asked for and why it was not done, if it was not
   */
  <R> List<R> results(
      Map<UUID, Refusal> refusals, BiFunction<TopicRef, @Nullable JangadaException, R> result) {
    return items.stream().map(item -> result.apply(item.asked(), why(item, refusals))).toList();
  }

  private static @Nullable JangadaException why(Item item, Map<UUID, Refusal> refusals) {
    return switch (item) {
      case Item.Known known -> {
        Refusal refusal = refusals.get(known.id());
        yield refusal == null ? null : refusal.toException();
      }
      case Item.Refused refused -> refused.why();
    };
  }
}
