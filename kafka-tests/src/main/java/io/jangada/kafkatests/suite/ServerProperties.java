// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.suite;

import java.util.Map;
import java.util.TreeMap;

/** A test's {@code server.properties} in Jangada's words. What it has no word for is left out. */
final class ServerProperties {
  private static final Map<String, String> NAMES =
      Map.of("auto.create.topics.enable", "kafka.auto-create-topics");

  private ServerProperties() {}

  /** Settings of Jangada's nodes. */
  static Map<String, String> map(Map<String, String> properties) {
    Map<String, String> settings = new TreeMap<>();
    properties.forEach(
        (name, value) -> {
          String ours = NAMES.get(name);
          if (ours != null) {
            settings.put(ours, value);
          }
        });
    return settings;
  }
}
