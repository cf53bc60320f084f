// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.jangada.common.JangadaException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The items of a request, each found in this broker's image or refused at once; the answers for
 * those that were found are put back into the order of the request.
 *
 * @param <Q> an item as it was asked for
 * @param <K> what it was found to be
 */
final class ResolvedItems<Q, K> {
  private sealed interface Item<Q, K> {
    record Known<Q, K>(Q asked, K found) implements Item<Q, K> {}

    record Refused<Q, K>(Q asked, JangadaException why) implements Item<Q, K> {}
  }

  private final List<Item<Q, K>> items;

  private ResolvedItems(List<Item<Q, K>> items) {
    this.items = items;
  }

  /**
   * Looks the items up.
   *
   * @param find throws a {@link JangadaException} for what there is not
   */
  static <Q, K> ResolvedItems<Q, K> of(List<Q> asked, Function<Q, K> find) {
    List<Item<Q, K>> items = new ArrayList<>();
    for (Q each : asked) {
      try {
        items.add(new Item.Known<>(each, find.apply(each)));
      } catch (JangadaException unknown) {
        items.add(new Item.Refused<>(each, unknown));
      }
    }
    return new ResolvedItems<>(items);
  }

  /** Those that were found, in the order of the request. */
  List<K> known() {
    List<K> known = new ArrayList<>();
    for (Item<Q, K> item : items) {
      if (item instanceof Item.Known<Q, K>(Q ignored, K found)) {
        known.add(found);
      }
    }
    return known;
  }

  /**
   * One result for each item asked for.
   *
   * @param answers one for each of {@link #known}, in order
   */
  <A, R> List<R> results(
      List<A> answers, BiFunction<Q, A, R> answered, BiFunction<Q, JangadaException, R> refused) {
    List<R> results = new ArrayList<>();
    Iterator<A> next = answers.iterator();
    for (Item<Q, K> item : items) {
      results.add(
          switch (item) {
            case Item.Known<Q, K>(Q asked, K ignored) -> answered.apply(asked, next.next());
            case Item.Refused<Q, K>(Q asked, JangadaException why) -> refused.apply(asked, why);
          });
    }
    return results;
  }
}
