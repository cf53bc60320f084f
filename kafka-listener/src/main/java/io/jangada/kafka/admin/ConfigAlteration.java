// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.SettingsAdmin;
import io.jangada.broker.service.TopicAdmin;
import io.jangada.broker.settings.Loggers;
import io.jangada.broker.settings.SettingsDescriber;
import io.jangada.common.JangadaException;
import io.jangada.metadata.command.ControllerRequest.SettingsChange;
import io.jangada.metadata.command.ControllerRequest.TopicConfigChange;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * What AlterConfigs and IncrementalAlterConfigs have in common: resources of different kinds, each
 * of which is changed on its own or not at all.
 */
final class ConfigAlteration {
  /**
   * What is wanted of one resource.
   *
   * @param names the configurations that are mentioned, as often as they are
   * @param nulls those that have no value but need one
   * @param topic the change, if it is a topic
   * @param broker the change, if it is the cluster or a broker
   * @param loggers the change, if it is the loggers of a broker
   */
  record Wanted(
      byte type,
      String name,
      List<String> names,
      List<String> nulls,
      TopicChange topic,
      BrokerChange broker,
      LoggerChange loggers) {}

  /** Makes the change of a topic. */
  @FunctionalInterface
  interface TopicChange {
    TopicConfigChange of(TopicImage topic);
  }

  /** Makes the change of the cluster or of a broker. */
  @FunctionalInterface
  interface BrokerChange {
    SettingsChange of(MetadataImage image, int brokerId);
  }

  /** Makes the change of loggers: levels by name, null for that of the logger above. */
  @FunctionalInterface
  interface LoggerChange {
    Map<String, @Nullable String> of();
  }

  /** Makes what tells of one resource in one kind of response. */
  @FunctionalInterface
  interface Answer<R> {
    R of(byte type, String name, short errorCode, @Nullable String errorMessage);
  }

  private record Place(byte type, String name) {}

  private final ClusterMetadata metadata;
  private final TopicAdmin topics;
  private final SettingsAdmin settings;
  private final SettingsDescriber describer;
  private final ConfigResources resources;

  ConfigAlteration(
      int brokerId,
      ClusterMetadata metadata,
      TopicAdmin topics,
      SettingsAdmin settings,
      SettingsDescriber describer) {
    this.metadata = metadata;
    this.topics = topics;
    this.settings = settings;
    this.describer = describer;
    this.resources = new ConfigResources(brokerId);
  }

  /** What became of each, in the order of the request. */
  <R> CompletableFuture<List<R>> alter(
      List<Wanted> wanted, boolean validateOnly, Answer<R> answer) {
    return alter(wanted, validateOnly)
        .thenApply(
            errors -> {
              List<R> answers = new ArrayList<>();
              for (int i = 0; i < wanted.size(); i++) {
                ApiError error = errors.get(i);
                answers.add(
                    answer.of(
                        wanted.get(i).type(),
                        wanted.get(i).name(),
                        error.error().code(),
                        error.message()));
              }
              return answers;
            });
  }

  private CompletableFuture<List<ApiError>> alter(List<Wanted> wanted, boolean validateOnly) {
    MetadataImage image = metadata.image();
    Set<Place> repeated = Mentions.repeated(wanted, ConfigAlteration::place);
    List<ApiError> errors = new ArrayList<>();
    Map<Integer, TopicConfigChange> topicChanges = new HashMap<>();
    Map<Integer, SettingsChange> brokerChanges = new HashMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      Wanted each = wanted.get(i);
      try {
        check(each, repeated.contains(place(each)));
        switch (ConfigResource.Type.forId(each.type())) {
          case TOPIC -> topicChanges.put(i, each.topic().of(topic(image, each.name())));
          case BROKER -> brokerChanges.put(i, settingsChange(image, each));
          case BROKER_LOGGER -> alterLoggers(each, validateOnly);
          case GROUP, CLIENT_METRICS, UNKNOWN -> throw resources.unsupported(each.type());
        }
        errors.add(ApiError.NONE);
      } catch (ApiException | JangadaException refused) {
        errors.add(AdminErrors.of(refused));
      }
    }
    return alterTopics(topicChanges, validateOnly, errors)
        .thenCompose(done -> alterBrokers(brokerChanges, validateOnly, errors))
        .thenApply(done -> errors);
  }

  private static Place place(Wanted wanted) {
    return new Place(wanted.type(), wanted.name());
  }

  private static void check(Wanted wanted, boolean repeated) {
    if (repeated) {
      throw new InvalidRequestException("Each resource must appear at most once.");
    }
    if (!Mentions.repeated(wanted.names(), name -> name).isEmpty()) {
      throw new InvalidRequestException("Error due to duplicate config keys");
    }
    if (!wanted.nulls().isEmpty()) {
      throw new InvalidRequestException(
          "Null value not supported for : " + String.join(", ", wanted.nulls()));
    }
  }

  private static TopicImage topic(MetadataImage image, String name) {
    if (name.isEmpty()) {
      throw new InvalidRequestException("expected the name of a topic, but got none");
    }
    Topic.validate(name);
    TopicImage topic = image.topic(name);
    if (topic == null) {
      throw new UnknownTopicOrPartitionException("expected a topic, but there is none named so");
    }
    return topic;
  }

  private SettingsChange settingsChange(MetadataImage image, Wanted wanted) {
    int brokerId =
        resources.isCluster(wanted.name())
            ? SettingsChange.CLUSTER
            : resources.checkThisBroker(wanted.name());
    SettingsChange change = wanted.broker().of(image, brokerId);
    Refusal fixed = describer.fixed(change);
    if (fixed != null) {
      throw new InvalidRequestException(AdminErrors.of(fixed).message());
    }
    return change;
  }

  /** All of them or none. */
  private void alterLoggers(Wanted wanted, boolean validateOnly) {
    resources.checkLoggersOfThisBroker(wanted.name());
    Map<String, @Nullable String> levels = wanted.loggers().of();
    levels.forEach(Loggers::check);
    if (!validateOnly) {
      levels.forEach(Loggers::set);
    }
  }

  private CompletableFuture<?> alterTopics(
      Map<Integer, TopicConfigChange> changes, boolean validateOnly, List<ApiError> errors) {
    if (changes.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    List<Integer> places = List.copyOf(changes.keySet());
    return topics
        .alter(places.stream().map(changes::get).toList(), validateOnly)
        .thenAccept(
            altered -> {
              for (int i = 0; i < places.size(); i++) {
                errors.set(places.get(i), AdminErrors.of(altered.results().get(i).refusal()));
              }
            });
  }

  private CompletableFuture<?> alterBrokers(
      Map<Integer, SettingsChange> changes, boolean validateOnly, List<ApiError> errors) {
    if (changes.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    List<Integer> places = List.copyOf(changes.keySet());
    return settings
        .alter(places.stream().map(changes::get).toList(), validateOnly)
        .thenAccept(
            altered -> {
              for (int i = 0; i < places.size(); i++) {
                errors.set(
                    places.get(i), ofBroker(AdminErrors.of(altered.results().get(i).refusal())));
              }
            });
  }

  /** Kafka says so of whatever is wrong with a broker's configuration (KAFKA-13609). */
  private static ApiError ofBroker(ApiError error) {
    return error.error() == Errors.INVALID_CONFIG
        ? AdminErrors.invalid(Objects.requireNonNull(error.message()))
        : error;
  }
}
