// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.settings;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One key with its value and where that comes from. Immutable.
 *
 * @param key its name
 * @param values what is set, and the default; the one in force first
 * @param fixedBecause why it cannot change at run time; empty if it can
 * @param expected what is accepted
 * @param meaning a sentence or two
 */
public record DescribedSetting(
    String key,
    List<Value> values,
    Optional<String> fixedBecause,
    String expected,
    String meaning) {
  /** Copies the list. */
  public DescribedSetting {
    values = List.copyOf(values);
  }

  /** A value and where it is set. */
  public record Value(String text, SettingSource source) {}

  /** Gathers values from the least specific on. */
  static final class Values {
    private final List<Value> values = new ArrayList<>();

    Values(String defaultText) {
      values.add(new Value(defaultText, SettingSource.DEFAULT));
    }

    Values add(@Nullable String text, SettingSource source) {
      if (text != null) {
        values.add(new Value(text, source));
      }
      return this;
    }

    Values add(Map<String, String> set, String key, SettingSource source) {
      return add(set.get(key), source);
    }

    /** The most specific first. */
    List<Value> list() {
      List<Value> reversed = new ArrayList<>(values);
      Collections.reverse(reversed);
      return reversed;
    }
  }

  /** The value in force. */
  public Value inForce() {
    return values.getFirst();
  }

  /** What holds where nothing is set. */
  public String defaultText() {
    return values.getLast().text();
  }
}
