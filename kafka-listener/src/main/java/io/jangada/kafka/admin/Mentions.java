// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;

/** What a request names more than once: Kafka carries out none of the mentions then. */
final class Mentions {
  private Mentions() {}

  /** The keys that several of the items have, in the order in which that shows. */
  static <T, K> Set<K> repeated(Collection<T> items, Function<T, K> key) {
    Set<K> seen = new LinkedHashSet<>();
    Set<K> repeated = new LinkedHashSet<>();
    for (T item : items) {
      if (!seen.add(key.apply(item))) {
        repeated.add(key.apply(item));
      }
    }
    return repeated;
  }
}
