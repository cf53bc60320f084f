// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.settings;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.config.ConfigEntry;
import io.jangada.broker.config.ConfigValue;
import io.jangada.broker.settings.DescribedSetting.Values;
import io.jangada.common.DataSize;
import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.ControllerRequest.SettingsChange;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.ConstantTopicConfig;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.SettingKey;
import io.jangada.metadata.image.TopicConfigKey;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says what is configured, where it is set, and what of it may change. Pure; thread-safe. */
public final class SettingsDescriber {
  private static final String OF_PARTITIONS = "1";
  private static final String OF_REPLICATION_FACTOR = "3, or the number of brokers if that is less";
  private static final String OF_MOST_PARTITIONS = "10000";

  private final int nodeId;
  private final Map<String, ConfigValue> given;

  /** Of this node. */
  public SettingsDescriber(BrokerConfig config) {
    this.nodeId = config.node().id();
    this.given = config.given();
  }

  /** The node that this process is. */
  public int nodeId() {
    return nodeId;
  }

  /** The cluster: what holds wherever a topic or a broker has nothing of its own. */
  public List<DescribedSetting> cluster(MetadataImage image) {
    Map<String, String> cluster = image.settings().cluster();
    List<DescribedSetting> all = new ArrayList<>();
    for (SettingKey key : SettingKey.values()) {
      all.add(
          new DescribedSetting(
              key.key(),
              new Values(clusterDefault(key)).add(cluster, key.key(), SettingSource.CLUSTER).list(),
              Optional.empty(),
              key.accepted().expected(),
              key.meaning()));
    }
    for (TopicConfigKey key : TopicConfigKey.values()) {
      all.add(ofTopic(key, null, cluster, Map.of()));
    }
    return sorted(all);
  }

  /** This node. */
  public List<DescribedSetting> node(MetadataImage image) {
    List<DescribedSetting> all = new ArrayList<>();
    for (ConfigEntry entry : ConfigEntry.of(given)) {
      Values values =
          new Values(entry.defaultText())
              .add(entry.given().map(ConfigValue::text).orElse(null), SettingSource.NODE);
      if (entry.fixedBecause().isEmpty()) {
        values
            .add(image.settings().cluster(), entry.key(), SettingSource.CLUSTER)
            .add(image.settings().of(nodeId), entry.key(), SettingSource.BROKER);
      }
      all.add(
          new DescribedSetting(
              entry.key(), values.list(), entry.fixedBecause(), entry.expected(), entry.meaning()));
    }
    return sorted(all);
  }

  /** A topic. */
  public List<DescribedSetting> topic(MetadataImage image, TopicImage topic) {
    return sorted(
        Stream.of(TopicConfigKey.values())
            .map(key -> ofTopic(key, ofNode(key), image.settings().cluster(), topic.configs()))
            .toList());
  }

  /** What this node was started with in the place of a topic's default, or null. */
  private @Nullable String ofNode(TopicConfigKey key) {
    ConfigValue segmentSize = given.get("log.segment-size");
    return key == TopicConfigKey.SEGMENT_BYTES && segmentSize != null
        ? Long.toString(DataSize.parse(segmentSize.text()).bytes())
        : null;
  }

  /** What Kafka configures of a topic and this version has one value of. */
  public List<DescribedSetting> constants(TopicImage topic) {
    return Stream.of(ConstantTopicConfig.values())
        .map(
            key ->
                new DescribedSetting(
                    key.key(),
                    new Values(key.value())
                        .add(topic.configs(), key.key(), SettingSource.TOPIC)
                        .list(),
                    Optional.of(key.because()),
                    '"' + key.value() + '"',
                    "As in Kafka, with one value."))
        .toList();
  }

  /**
   * Why a change cannot be made for reasons that only a node knows, or null: keys that it is
   * started with and keeps.
   */
  public @Nullable Refusal fixed(SettingsChange change) {
    for (ConfigEntry entry : ConfigEntry.of(given)) {
      boolean touched =
          change.set().containsKey(entry.key()) || change.unset().contains(entry.key());
      if (touched && entry.fixedBecause().isPresent()) {
        return new Refusal(
            ErrorCode.INVALID_CONFIG,
            "expected a key that can change while a broker runs, but "
                + entry.key()
                + " cannot: "
                + entry.fixedBecause().get(),
            "set it in the node's jangada.yaml and restart the node");
      }
    }
    return null;
  }

  private static DescribedSetting ofTopic(
      TopicConfigKey key,
      @Nullable String node,
      Map<String, String> cluster,
      Map<String, String> topic) {
    return new DescribedSetting(
        key.key(),
        new Values(key.defaultValue())
            .add(node, SettingSource.NODE)
            .add(cluster, key.key(), SettingSource.CLUSTER)
            .add(topic, key.key(), SettingSource.TOPIC)
            .list(),
        Optional.empty(),
        key.expected(),
        key.meaning());
  }

  private static String clusterDefault(SettingKey key) {
    return switch (key) {
      case NUM_PARTITIONS -> OF_PARTITIONS;
      case DEFAULT_REPLICATION_FACTOR -> OF_REPLICATION_FACTOR;
      case MAX_PARTITIONS_PER_TOPIC -> OF_MOST_PARTITIONS;
      case PRODUCES_IN_FLIGHT,
          PARKED_READS,
          DISK_STALL_TIMEOUT,
          REPLICATION_LAG_TIMEOUT,
          MAX_BATCH_SIZE,
          LOGGING_LEVEL ->
          ConfigEntry.of(Map.of()).stream()
              .filter(entry -> entry.key().equals(key.key()))
              .map(ConfigEntry::defaultText)
              .findFirst()
              .orElse("");
    };
  }

  private static List<DescribedSetting> sorted(List<DescribedSetting> settings) {
    return settings.stream().sorted(Comparator.comparing(DescribedSetting::key)).toList();
  }
}
