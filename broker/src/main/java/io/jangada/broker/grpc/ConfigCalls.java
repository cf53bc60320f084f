// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.jangada.api.v1.AlterConfigsRequest;
import io.jangada.api.v1.AlterConfigsResponse;
import io.jangada.api.v1.AlterConfigsResult;
import io.jangada.api.v1.BackupMetadataRequest;
import io.jangada.api.v1.BackupMetadataResponse;
import io.jangada.api.v1.ConfigChange;
import io.jangada.api.v1.ConfigDescription;
import io.jangada.api.v1.ConfigEntry;
import io.jangada.api.v1.ConfigScope;
import io.jangada.api.v1.ConfigSource;
import io.jangada.api.v1.ConfigSynonym;
import io.jangada.api.v1.DescribeConfigsRequest;
import io.jangada.api.v1.DescribeConfigsResponse;
import io.jangada.api.v1.RemoveBrokerRequest;
import io.jangada.api.v1.RemoveBrokerResponse;
import io.jangada.api.v1.SetFeatureLevelRequest;
import io.jangada.api.v1.SetFeatureLevelResponse;
import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.SettingsAdmin;
import io.jangada.broker.service.TopicLookup;
import io.jangada.broker.settings.DescribedSetting;
import io.jangada.broker.settings.SettingSource;
import io.jangada.broker.settings.SettingsDescriber;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.ControllerAnswer.AlterSettingsResult;
import io.jangada.metadata.command.ControllerRequest.SettingsChange;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What the admin service answers about configuration: of the cluster, of brokers, of topics. */
public final class ConfigCalls {
  private final ClusterMetadata metadata;
  private final SettingsAdmin settings;
  private final SettingsDescriber describer;
  private final BiFunction<
          String, DescribeConfigsRequest, CompletableFuture<DescribeConfigsResponse>>
      peers;

  /**
   * Answers from the metadata and from this node's own configuration.
   *
   * @param peers asks the broker at an address
   */
  public ConfigCalls(
      ClusterMetadata metadata,
      SettingsAdmin settings,
      SettingsDescriber describer,
      BiFunction<String, DescribeConfigsRequest, CompletableFuture<DescribeConfigsResponse>>
          peers) {
    this.metadata = metadata;
    this.settings = settings;
    this.describer = describer;
    this.peers = peers;
  }

  CompletableFuture<DescribeConfigsResponse> describe(DescribeConfigsRequest request) {
    List<CompletableFuture<ConfigDescription>> all = new ArrayList<>();
    for (ConfigScope scope : request.getScopesList()) {
      all.add(
          describe(scope, request.getLocalOnly())
              .exceptionally(
                  failure ->
                      ConfigDescription.newBuilder()
                          .setScope(scope)
                          .setError(Failures.toError(failure))
                          .build()));
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done ->
                DescribeConfigsResponse.newBuilder()
                    .addAllDescriptions(all.stream().map(CompletableFuture::join).toList())
                    .build());
  }

  private CompletableFuture<ConfigDescription> describe(ConfigScope scope, boolean localOnly) {
    MetadataImage image = metadata.image();
    try {
      return switch (scope.getScopeCase()) {
        case CLUSTER -> described(scope, describer.cluster(image));
        case TOPIC ->
            described(
                scope,
                describer.topic(image, TopicLookup.topic(image, WireRefs.topic(scope.getTopic()))));
        case BROKER_ID ->
            scope.getBrokerId() == describer.nodeId()
                ? described(scope, describer.node(image))
                : askPeer(image, scope, localOnly);
        case SCOPE_NOT_SET -> throw noScope();
      };
    } catch (JangadaException unknown) {
      return CompletableFuture.failedFuture(unknown);
    }
  }

  private CompletableFuture<ConfigDescription> askPeer(
      MetadataImage image, ConfigScope scope, boolean localOnly) {
    BrokerRegistration broker = image.broker(scope.getBrokerId());
    if (broker == null || localOnly) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected a registered broker, but there is no broker "
              + scope.getBrokerId()
              + (localOnly ? " here" : ""),
          "jangada broker list shows the brokers there are");
    }
    return peers
        .apply(
            broker.profile().endpoints().grpc(),
            DescribeConfigsRequest.newBuilder().addScopes(scope).setLocalOnly(true).build())
        .thenApply(response -> response.getDescriptions(0));
  }

  private static CompletableFuture<ConfigDescription> described(
      ConfigScope scope, List<DescribedSetting> settings) {
    return CompletableFuture.completedFuture(
        ConfigDescription.newBuilder()
            .setScope(scope)
            .addAllEntries(settings.stream().map(ConfigCalls::entry).toList())
            .build());
  }

  private static ConfigEntry entry(DescribedSetting setting) {
    return ConfigEntry.newBuilder()
        .setKey(setting.key())
        .setValue(setting.inForce().text())
        .setSource(source(setting.inForce().source()))
        .setDefaultValue(setting.defaultText())
        .addAllSynonyms(
            setting.values().stream()
                .map(
                    value ->
                        ConfigSynonym.newBuilder()
                            .setValue(value.text())
                            .setSource(source(value.source()))
                            .build())
                .toList())
        .setChangeable(setting.fixedBecause().isEmpty())
        .setFixedBecause(setting.fixedBecause().orElse(""))
        .setExpected(setting.expected())
        .setMeaning(setting.meaning())
        .build();
  }

  private static ConfigSource source(SettingSource source) {
    return switch (source) {
      case DEFAULT -> ConfigSource.CONFIG_SOURCE_DEFAULT;
      case NODE -> ConfigSource.CONFIG_SOURCE_NODE;
      case CLUSTER -> ConfigSource.CONFIG_SOURCE_CLUSTER;
      case BROKER -> ConfigSource.CONFIG_SOURCE_BROKER;
      case TOPIC -> ConfigSource.CONFIG_SOURCE_TOPIC;
    };
  }

  CompletableFuture<AlterConfigsResponse> alter(AlterConfigsRequest request) {
    List<@Nullable JangadaException> refusedHere = new ArrayList<>();
    List<SettingsChange> changes = new ArrayList<>();
    for (ConfigChange change : request.getChangesList()) {
      try {
        changes.add(settingsChange(change));
        refusedHere.add(null);
      } catch (JangadaException refused) {
        refusedHere.add(refused);
      }
    }
    CompletableFuture<List<AlterSettingsResult>> asked =
        changes.isEmpty()
            ? CompletableFuture.completedFuture(List.of())
            : settings
                .alter(changes, request.getValidateOnly())
                .thenApply(altered -> altered.results());
    return asked.thenApply(results -> response(request, refusedHere, results.iterator()));
  }

  private static AlterConfigsResponse response(
      AlterConfigsRequest request,
      List<@Nullable JangadaException> refusedHere,
      Iterator<AlterSettingsResult> results) {
    AlterConfigsResponse.Builder response = AlterConfigsResponse.newBuilder();
    for (int i = 0; i < request.getChangesCount(); i++) {
      AlterConfigsResult.Builder result =
          response.addResultsBuilder().setScope(request.getChanges(i).getScope());
      JangadaException refused = refusedHere.get(i);
      if (refused == null) {
        Refusal refusal = results.next().refusal();
        refused = refusal == null ? null : refusal.toException();
      }
      if (refused != null) {
        result.setError(Failures.toError(refused));
      }
    }
    return response.build();
  }

  private SettingsChange settingsChange(ConfigChange change) {
    SettingsChange wanted =
        new SettingsChange(scopeId(change.getScope()), change.getSetMap(), change.getUnsetList());
    Refusal fixed = describer.fixed(wanted);
    if (fixed != null) {
      throw fixed.toException();
    }
    return wanted;
  }

  private static int scopeId(ConfigScope scope) {
    return switch (scope.getScopeCase()) {
      case CLUSTER -> SettingsChange.CLUSTER;
      case BROKER_ID -> {
        if (scope.getBrokerId() <= SettingsChange.CLUSTER) {
          throw new JangadaException(
              ErrorCode.INVALID_REQUEST,
              "expected the id of a broker, 1 or above, but got " + scope.getBrokerId());
        }
        yield scope.getBrokerId();
      }
      case TOPIC ->
          throw new JangadaException(
              ErrorCode.INVALID_REQUEST,
              "expected the cluster or a broker, but the change is of a topic",
              "call AlterTopicConfigs, or jangada topic alter");
      case SCOPE_NOT_SET -> throw noScope();
    };
  }

  private static JangadaException noScope() {
    return new JangadaException(
        ErrorCode.INVALID_REQUEST, "expected the cluster, a broker or a topic, but got neither");
  }

  CompletableFuture<RemoveBrokerResponse> removeBroker(RemoveBrokerRequest request) {
    return settings
        .removeBroker(request.getBrokerId(), request.getValidateOnly())
        .thenApply(done -> RemoveBrokerResponse.getDefaultInstance());
  }

  void backup(
      BackupMetadataRequest request, ServerCallStreamObserver<BackupMetadataResponse> call) {
    BackupStream.send(request, call, metadata, settings);
  }

  CompletableFuture<SetFeatureLevelResponse> setFeatureLevel(SetFeatureLevelRequest request) {
    return settings
        .setFeatureLevel(request.getLevel(), request.getValidateOnly())
        .thenApply(
            done ->
                SetFeatureLevelResponse.newBuilder()
                    .setLevel(metadata.image().cluster().featureLevel())
                    .build());
  }
}
