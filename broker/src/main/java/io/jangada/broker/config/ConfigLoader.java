// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.config;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Loads a node's configuration. Later sources win: default, file, environment, {@code --set}. All
 * mistakes are reported together, each with its key and where it was written. Stateless.
 */
public final class ConfigLoader {
  private ConfigLoader() {}

  /**
   * Loads and validates.
   *
   * @param file {@code jangada.yaml}, or empty for none; relative paths in the configuration start
   *     at its directory, without a file at the working directory
   * @param environment as of {@link System#getenv()}
   * @param overrides {@code key=value} each, as given to {@code --set}
   * @throws JangadaException {@link ErrorCode#INVALID_CONFIG} with one line per mistake
   */
  public static BrokerConfig load(
      Optional<Path> file, Map<String, String> environment, List<String> overrides) {
    List<ConfigKey<?>> keys = ConfigKeys.all();
    List<String> problems = new ArrayList<>();
    Map<String, ConfigValue> values = new LinkedHashMap<>();
    file.ifPresent(path -> values.putAll(YamlFlattener.read(path)));
    values.putAll(EnvironmentSource.read(environment, keys, problems));
    values.putAll(readOverrides(overrides, problems));
    Path base =
        file.map(path -> path.toAbsolutePath().getParent())
            .orElseGet(() -> Path.of("").toAbsolutePath());
    return new ConfigAssembler(keys, values, base, problems).assemble();
  }

  /**
   * From {@code key=value} pairs alone, for tests and embedding; neither a file nor the environment
   * is looked at.
   *
   * @throws JangadaException {@link ErrorCode#INVALID_CONFIG}
   */
  public static BrokerConfig of(String... overrides) {
    return load(Optional.empty(), Map.of(), List.of(overrides));
  }

  private static Map<String, ConfigValue> readOverrides(
      List<String> overrides, List<String> problems) {
    Map<String, ConfigValue> values = new LinkedHashMap<>();
    for (String override : overrides) {
      int equals = override.indexOf('=');
      if (equals < 1) {
        problems.add("expected --set key=value, but got --set " + override);
      } else {
        values.put(
            override.substring(0, equals).strip(),
            new ConfigValue(override.substring(equals + 1), "--set"));
      }
    }
    return values;
  }
}
