// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.config;

import io.jangada.broker.settings.DescribedSetting;
import io.jangada.broker.settings.SettingSource;
import io.jangada.broker.settings.SettingsDescriber;
import io.jangada.metadata.image.ConstantTopicConfig;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.SettingKey;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;

/**
 * Everything that is configured, as Kafka's clients are told of it: every entry with its source,
 * type, documentation and synonyms, by name. Pure; thread-safe.
 */
public final class ConfigDescriptions {
  /** As many as there are brokers, but no more. */
  private static final int DEFAULT_REPLICATION_FACTOR = 3;

  private final SettingsDescriber describer;

  /** Describes what the node was started with and what the metadata says. */
  public ConfigDescriptions(SettingsDescriber describer) {
    this.describer = describer;
  }

  /** Every configuration of a topic. */
  public List<DescribedConfig> topic(MetadataImage image, TopicImage topic) {
    return Stream.concat(
            describer.topic(image, topic).stream(), describer.constants(topic).stream())
        .map(ConfigDescriptions::ofTopic)
        .sorted(Comparator.comparing(DescribedConfig::name))
        .toList();
  }

  /** Every configuration of this broker, with what it gets from the cluster. */
  public List<DescribedConfig> broker(MetadataImage image) {
    Map<String, DescribedSetting> settings = new LinkedHashMap<>();
    describer.cluster(image).forEach(setting -> settings.put(setting.key(), setting));
    describer.node(image).forEach(setting -> settings.put(setting.key(), setting));
    List<DescribedConfig> all = new ArrayList<>();
    for (DescribedSetting setting : settings.values()) {
      for (BrokerConfigNames.Name name : BrokerConfigNames.ofOurs(setting.key())) {
        all.add(ofBroker(image, name, setting));
      }
    }
    for (ConstantTopicConfig constant : ConstantTopicConfig.values()) {
      all.add(ofBroker(constant));
    }
    all.sort(Comparator.comparing(DescribedConfig::name));
    return all;
  }

  /** What is set for all brokers of the cluster, and nothing else: Kafka's answer for no broker. */
  public List<DescribedConfig> cluster(MetadataImage image) {
    List<DescribedConfig> all = new ArrayList<>();
    for (DescribedSetting setting : describer.cluster(image)) {
      Optional<DescribedSetting.Value> set =
          setting.values().stream()
              .filter(value -> value.source() == SettingSource.CLUSTER)
              .findFirst();
      if (set.isPresent()) {
        DescribedSetting alone =
            new DescribedSetting(
                setting.key(),
                List.of(set.get()),
                setting.fixedBecause(),
                setting.expected(),
                setting.meaning());
        BrokerConfigNames.ofOurs(setting.key())
            .forEach(name -> all.add(ofBroker(image, name, alone)));
      }
    }
    all.sort(Comparator.comparing(DescribedConfig::name));
    return all;
  }

  private static DescribedConfig ofTopic(DescribedSetting setting) {
    String brokers = TopicConfigNames.ofBroker(setting.key());
    List<DescribedConfig.Value> values =
        setting.values().stream()
            .map(
                value ->
                    new DescribedConfig.Value(
                        value.source() == SettingSource.TOPIC ? setting.key() : brokers,
                        value.text(),
                        source(value.source())))
            .toList();
    boolean defaultIsBrokers = TopicConfigNames.brokersHaveDefault(setting.key());
    return new DescribedConfig(
        setting.key(),
        values.getFirst(),
        values.stream()
            .filter(value -> defaultIsBrokers || value.source() != ConfigSource.DEFAULT_CONFIG)
            .toList(),
        setting.fixedBecause().isPresent(),
        TopicConfigNames.type(setting.key()),
        documentation(setting));
  }

  private static DescribedConfig ofBroker(
      MetadataImage image, BrokerConfigNames.Name name, DescribedSetting setting) {
    return DescribedConfig.of(
        name.kafka(),
        setting.values().stream()
            .map(
                value ->
                    new DescribedConfig.Value(
                        name.kafka(),
                        name.unit().toKafka(text(image, setting.key(), value)),
                        source(value.source())))
            .toList(),
        setting.fixedBecause().isPresent(),
        name.type(),
        documentation(setting));
  }

  private static DescribedConfig ofBroker(ConstantTopicConfig constant) {
    String name = TopicConfigNames.ofBroker(constant.key());
    return DescribedConfig.of(
        name,
        List.of(new DescribedConfig.Value(name, constant.value(), ConfigSource.DEFAULT_CONFIG)),
        true,
        TopicConfigNames.type(constant),
        sentence(constant.because()));
  }

  /** Where people read "as many as there are brokers", a client wants the number. */
  private static String text(MetadataImage image, String key, DescribedSetting.Value value) {
    return key.equals(SettingKey.DEFAULT_REPLICATION_FACTOR.key())
            && value.source() == SettingSource.DEFAULT
        ? Integer.toString(Math.clamp(image.brokers().size(), 1, DEFAULT_REPLICATION_FACTOR))
        : value.text();
  }

  private static String documentation(DescribedSetting setting) {
    return setting
        .fixedBecause()
        .map(because -> setting.meaning() + " It cannot be changed here: " + because + '.')
        .orElse(setting.meaning());
  }

  private static String sentence(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1) + '.';
  }

  private static ConfigSource source(SettingSource source) {
    return switch (source) {
      case DEFAULT -> ConfigSource.DEFAULT_CONFIG;
      case NODE -> ConfigSource.STATIC_BROKER_CONFIG;
      case CLUSTER -> ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG;
      case BROKER -> ConfigSource.DYNAMIC_BROKER_CONFIG;
      case TOPIC -> ConfigSource.TOPIC_CONFIG;
    };
  }
}
