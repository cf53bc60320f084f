// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The {@code JANGADA_…} variables of the environment as configuration values. */
final class EnvironmentSource {
  private static final String PREFIX = "JANGADA_";

  /** Variables of the command line and the launcher; no configuration of a node. */
  private static final Set<String> RESERVED =
      Set.of(
          "JANGADA_HOME",
          "JANGADA_CONTEXT",
          "JANGADA_BOOTSTRAP",
          "JANGADA_HEAP",
          "JANGADA_JAVA",
          "JANGADA_JAVA_HOME",
          "JANGADA_JAVA_OPTS");

  /** The older name of a variable, which is also the command line's. */
  private static final String LOG_LEVEL = "JANGADA_LOG_LEVEL";

  /**
   * Kubernetes gives every container such variables for a service named "jangada"; they are no
   * mistake of the operator's.
   */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_\\d+_(TCP|UDP|SCTP)(_.*)?)?)");

  private EnvironmentSource() {}

  /** Adds a line to {@code problems} for each variable that names no key. */
  static Map<String, ConfigValue> read(
      Map<String, String> environment, List<ConfigKey<?>> keys, List<String> problems) {
    Map<String, String> keyByVariable =
        keys.stream().collect(Collectors.toMap(ConfigKey::environmentVariable, ConfigKey::name));
    Map<String, ConfigValue> values = new LinkedHashMap<>();
    new TreeMap<>(environment)
        .forEach(
            (variable, text) -> {
              if (!variable.startsWith(PREFIX) || RESERVED.contains(variable)) {
                return;
              }
              if (variable.equals(LOG_LEVEL)) {
                values.putIfAbsent(
                    ConfigKeys.LOGGING_LEVEL.name(),
                    new ConfigValue(text, "environment variable " + variable));
              } else if (keyByVariable.containsKey(variable)) {
                values.put(
                    keyByVariable.get(variable),
                    new ConfigValue(text, "environment variable " + variable));
              } else if (!SERVICE_LINK.matcher(variable).matches()) {
                Optional<String> meant = Suggestions.nearest(variable, keyByVariable.keySet());
                problems.add(
                    "expected a known JANGADA_ variable, but the environment has "
                        + variable
                        + meant.map(name -> "; did you mean " + name + "?").orElse(""));
              }
            });
    return values;
  }
}
