// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.config;

import io.jangada.broker.config.ConfigEntry;
import io.jangada.metadata.image.ConstantTopicConfig;
import io.jangada.metadata.image.SettingKey;
import io.jangada.metadata.image.TopicConfigKey;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/** Prints docs/KAFKA-CONFIGS.md from the names and from what they mean. */
public final class KafkaConfigReference {
  private static final String INTRODUCTION =
      """
      # Kafka's configurations

      <!-- Written by the build: run KafkaConfigReferenceTest with -Djangada.docs.update=true. -->

      What Kafka's clients and tools read and change of topics and brokers. What is accepted takes effect;
      what cannot is refused with `INVALID_CONFIG` (of a topic) or `INVALID_REQUEST` (of a broker) and the reason.
      """;

  private static final String TOPICS =
      """

      ## Topics: what can be chosen

      | name | accepts | default | default for all topics: set on the brokers | meaning |
      |---|---|---|---|---|
      """;

  private static final String CONSTANTS =
      """

      ## Topics: what has one value

      Setting that value is accepted, any other is refused.

      | name | value | because |
      |---|---|---|
      """;

  private static final String BROKERS =
      """

      ## Brokers

      Resource `broker` without a name is the cluster: what holds for every broker, and for every topic
      that says nothing itself. With an id it is that broker, and has to be sent to it, as Kafka's clients do.
      Besides these names, every key of [CONFIGURATION.md](CONFIGURATION.md) and of `jangada config list` can be read,
      and changed where it can be, under its own name. Times are milliseconds and sizes bytes under Kafka's names.

      | Kafka's name | ours | changes while brokers run | meaning |
      |---|---|---|---|
      """;

  private KafkaConfigReference() {}

  /** The whole page. */
  public static String markdown() {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    page.append(TOPICS);
    Arrays.stream(TopicConfigKey.values())
        .sorted(Comparator.comparing(TopicConfigKey::key))
        .forEach(
            key ->
                row(
                    page,
                    code(key.key()),
                    key.expected(),
                    code(key.defaultValue()),
                    code(TopicConfigNames.ofBroker(key.key())),
                    key.meaning()));
    page.append(CONSTANTS);
    Arrays.stream(ConstantTopicConfig.values())
        .sorted(Comparator.comparing(ConstantTopicConfig::key))
        .forEach(
            key ->
                row(
                    page,
                    code(key.key()),
                    key.value().isEmpty() ? "nothing" : code(key.value()),
                    key.because()));
    page.append(BROKERS);
    BrokerConfigNames.all().stream()
        .filter(name -> TopicConfigKey.of(name.ours()) == null)
        .sorted(Comparator.comparing(BrokerConfigNames.Name::kafka))
        .forEach(name -> broker(page, name));
    return page.toString();
  }

  private static void broker(StringBuilder page, BrokerConfigNames.Name name) {
    SettingKey setting = SettingKey.of(name.ours());
    Optional<ConfigEntry> entry =
        ConfigEntry.of(Map.of()).stream()
            .filter(each -> each.key().equals(name.ours()))
            .findFirst();
    String changes =
        setting == null
            ? "no"
            : setting.level() == SettingKey.Level.CLUSTER
                ? "for the cluster"
                : "for the cluster or a broker";
    row(
        page,
        code(name.kafka()),
        code(name.ours()),
        changes,
        setting != null
            ? setting.meaning()
            : entry.map(ConfigEntry::meaning).orElseThrow(() -> unknown(name)));
  }

  private static IllegalStateException unknown(BrokerConfigNames.Name name) {
    return new IllegalStateException("expected " + name.ours() + " to be one of our keys");
  }

  private static String code(String text) {
    return '`' + text + '`';
  }

  private static void row(StringBuilder page, String... cells) {
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
