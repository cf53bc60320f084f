// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.config;

import io.jangada.metadata.command.ControllerRequest.SettingsChange;
import io.jangada.metadata.command.ControllerRequest.TopicConfigChange;
import io.jangada.metadata.image.ConstantTopicConfig;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicConfigKey;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka's clients want changed, as changes that the services carry out. What Kafka deletes
 * without having heard of it is left out, since there is nothing to do. Pure.
 */
public final class ConfigChanges {
  private ConfigChanges() {}

  /**
   * Operations on a topic's configurations.
   *
   * @throws InvalidConfigurationException for an append or subtract where there is no list
   */
  public static TopicConfigChange ofTopic(
      TopicImage topic, Collection<ConfigOperation> operations) {
    Map<String, String> set = new TreeMap<>();
    List<String> unset = new ArrayList<>();
    for (ConfigOperation operation : operations) {
      String name = operation.name();
      switch (operation.type()) {
        case SET -> set.put(name, TopicConfigNames.text(name, value(operation)));
        case DELETE -> {
          if (topic.configs().containsKey(name)) {
            unset.add(name);
          }
        }
        case APPEND, SUBTRACT -> {
          checkList(operation, TopicConfigNames.type(name));
          set.put(name, changedList(current(topic.configs(), name), operation));
        }
      }
    }
    return new TopicConfigChange(topic.id(), set, unset);
  }

  /** A topic's configurations anew: what is not among them goes back to its default. */
  public static TopicConfigChange ofTopic(TopicImage topic, Map<String, String> configs) {
    List<String> unset =
        topic.configs().keySet().stream().filter(key -> !configs.containsKey(key)).toList();
    Map<String, String> set = new TreeMap<>();
    configs.forEach((name, value) -> set.put(name, TopicConfigNames.text(name, value)));
    return new TopicConfigChange(topic.id(), set, unset);
  }

  /**
   * Operations on what is set for the cluster or for a broker.
   *
   * @param brokerId or {@link SettingsChange#CLUSTER}
   * @throws InvalidConfigurationException for an append or subtract where there is no list
   */
  public static SettingsChange ofBroker(
      MetadataImage image, int brokerId, Collection<ConfigOperation> operations) {
    Map<String, String> before = image.settings().of(brokerId);
    Map<String, String> set = new TreeMap<>();
    List<String> unset = new ArrayList<>();
    for (ConfigOperation operation : operations) {
      BrokerConfigNames.Name name = BrokerConfigNames.ofKafka(operation.name());
      switch (operation.type()) {
        case SET -> set.put(name.ours(), ours(name, value(operation)));
        case DELETE -> {
          if (before.containsKey(name.ours())) {
            unset.add(name.ours());
          }
        }
        case APPEND, SUBTRACT -> {
          checkList(operation, name.type());
          set.put(name.ours(), changedList(current(before, name.ours()), operation));
        }
      }
    }
    return new SettingsChange(brokerId, set, unset);
  }

  /** What is set for the cluster or for a broker anew: the rest of it goes. */
  public static SettingsChange ofBroker(
      MetadataImage image, int brokerId, Map<String, String> configs) {
    Map<String, String> set = new TreeMap<>();
    configs.forEach(
        (theirs, value) -> {
          BrokerConfigNames.Name name = BrokerConfigNames.ofKafka(theirs);
          set.put(name.ours(), ours(name, value));
        });
    List<String> unset =
        image.settings().of(brokerId).keySet().stream()
            .filter(key -> !set.containsKey(key))
            .toList();
    return new SettingsChange(brokerId, set, unset);
  }

  /**
   * Operations on levels of loggers: those by name, null for that of the logger above.
   *
   * @throws InvalidRequestException for an append or subtract: none of it is a list
   */
  public static Map<String, @Nullable String> ofLoggers(Collection<ConfigOperation> operations) {
    Map<String, @Nullable String> levels = new TreeMap<>();
    for (ConfigOperation operation : operations) {
      switch (operation.type()) {
        case SET -> levels.put(operation.name(), value(operation));
        case DELETE -> levels.put(operation.name(), null);
        case APPEND, SUBTRACT ->
            throw new InvalidRequestException(
                "expected a level to be set or deleted, but got " + operation.type());
      }
    }
    return levels;
  }

  private static String ours(BrokerConfigNames.Name name, String value) {
    return name.unit().fromKafka(TopicConfigNames.text(name.ours(), value));
  }

  private static String value(ConfigOperation operation) {
    return Objects.requireNonNull(operation.value(), operation.name());
  }

  private static void checkList(ConfigOperation operation, ConfigType type) {
    if (type != ConfigType.LIST) {
      throw new InvalidConfigurationException(
          "expected a list to "
              + operation.type()
              + " to, but "
              + operation.name()
              + " is of type "
              + type);
    }
  }

  private static String current(Map<String, String> configs, String name) {
    String set = configs.get(name);
    if (set != null) {
      return set;
    }
    TopicConfigKey key = TopicConfigKey.of(name);
    if (key != null) {
      return key.defaultValue();
    }
    ConstantTopicConfig constant = ConstantTopicConfig.of(name);
    return constant == null ? "" : constant.value();
  }

  private static String changedList(String current, ConfigOperation operation) {
    List<String> elements = new ArrayList<>(elements(current));
    for (String element : elements(value(operation))) {
      switch (operation.type()) {
        case APPEND -> {
          if (!elements.contains(element)) {
            elements.add(element);
          }
        }
        case SUBTRACT -> elements.remove(element);
        case SET, DELETE -> throw new IllegalArgumentException(operation.toString());
      }
    }
    return String.join(",", elements);
  }

  private static List<String> elements(String list) {
    return Arrays.stream(list.split(",", -1))
        .map(String::strip)
        .filter(element -> !element.isEmpty())
        .toList();
  }
}
