// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A change of the settings of the cluster or of a broker; what it does not name stays as it is. All
 * of it is made, or nothing. Immutable.
 *
 * @param scope the cluster or a broker
 * @param set new values by key
 * @param unset keys that fall back to what is less specific
 */
public record ConfigChange(ConfigScope scope, Map<String, String> set, Collection<String> unset) {
  /** Copies. */
  public ConfigChange {
    set = Map.copyOf(set);
    unset = List.copyOf(unset);
  }
}
