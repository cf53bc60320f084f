// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import java.util.List;

/**
 * One key of a configuration, with its value and where that comes from. Immutable.
 *
 * @param key its name
 * @param value the value in force
 * @param source where that is set
 * @param defaultValue what holds where nothing is set
 * @param synonyms every value that is set, and the default; the one in force first
 * @param changeable whether it can change while the process runs
 * @param fixedBecause where it cannot: why not; else empty
 * @param expected what is accepted, for people
 * @param meaning what it means, in a sentence or two
 */
public record ConfigEntry(
    String key,
    String value,
    ConfigSource source,
    String defaultValue,
    List<Synonym> synonyms,
    boolean changeable,
    String fixedBecause,
    String expected,
    String meaning) {
  /** Copies the list. */
  public ConfigEntry {
    synonyms = List.copyOf(synonyms);
  }

  /**
   * One of the values that the key might have.
   *
   * @param value the value
   * @param source where it is set
   */
  public record Synonym(String value, ConfigSource source) {}
}
