// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One key of a node's configuration as an operator is told of it.
 *
 * @param key dotted
 * @param given what was set and where; empty if nothing was
 * @param defaultText what holds then; empty where it must be given
 * @param expected what is accepted, for people
 * @param meaning one or two sentences
 * @param fixedBecause why it cannot change while the node runs; empty if it can
 */
public record ConfigEntry(
    String key,
    Optional<ConfigValue> given,
    String defaultText,
    String expected,
    String meaning,
    Optional<String> fixedBecause) {

  /** Every key there is, in the order of declaration. */
  public static List<ConfigEntry> of(Map<String, ConfigValue> given) {
    return ConfigKeys.all().stream()
        .map(
            key ->
                new ConfigEntry(
                    key.name(),
                    Optional.ofNullable(given.get(key.name())),
                    key.defaultText().orElse(""),
                    key.type().expected(),
                    key.meaning(),
                    key.fixedBecause()))
        .toList();
  }

  /** What the node was started with. */
  public String text() {
    return given.map(ConfigValue::text).orElse(defaultText);
  }
}
