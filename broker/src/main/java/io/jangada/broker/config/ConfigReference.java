// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.config;

/** Prints docs/CONFIGURATION.md from {@link ConfigKeys}. */
public final class ConfigReference {
  private static final String INTRODUCTION =
      """
      # Configuration of a node

      <!-- Written by the build from ConfigKeys.java: run ConfigReferenceTest with -Djangada.docs.update=true. -->

      `jangada server -c jangada.yaml` reads one YAML file. Every key can also be given as an environment
      variable and as `--set key=value`; of several, `--set` wins over the environment, and the environment
      over the file. A key nobody knows is an error that suggests the nearest one. Nested maps and dotted
      names mean the same.

      ```yaml
      node:
        id: 1
      quorum:
        members: [1@10.0.0.1:7400/7401, 2@10.0.0.2:7400/7401, 3@10.0.0.3:7400/7401]
      listeners:
        bind-host: 0.0.0.0
        advertised-host: 10.0.0.1
      storage:
        directory: /var/lib/jangada
      ```

      Durations have a unit: `ms`, `s`, `m`, `h`, `d`. Data sizes as well: `B`, `KiB`, `MiB`, `GiB`, `TiB`
      count in 1024, `KB`, `MB`, `GB`, `TB` in 1000.

      Keys that say so can also be set while the node runs, for it alone or for all brokers of the
      cluster: `jangada config set broker.parked-reads=20000 --broker 1`. What is set for a broker wins over
      what is set for the cluster, and that over what the node was started with. The cluster has settings of
      its own besides, such as `default.replication.factor` and the defaults of topics' configurations.
      """;

  private ConfigReference() {}

  /** The whole page. */
  public static String markdown() {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    String section = "";
    for (ConfigKey<?> key : ConfigKeys.all()) {
      String newSection = key.name().substring(0, key.name().indexOf('.'));
      if (!newSection.equals(section)) {
        section = newSection;
        page.append("\n## ").append(section).append("\n");
      }
      page.append("\n### `").append(key.name()).append("`\n\n");
      page.append(key.meaning()).append("\n\n");
      page.append("- expects ").append(key.type().expected()).append("\n");
      page.append("- default: ").append(describeDefault(key)).append("\n");
      page.append("- environment: `").append(key.environmentVariable()).append("`\n");
      if (key.fixedBecause().isEmpty()) {
        page.append("- can change while the node runs: `jangada config set`\n");
      }
    }
    return page.toString();
  }

  private static String describeDefault(ConfigKey<?> key) {
    return key.defaultText()
        .map(text -> text.isEmpty() ? "nothing" : "`" + text + "`")
        .orElse("none, it must be given");
  }
}
