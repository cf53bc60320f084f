// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.v1.AlterConfigsRequest;
import io.jangada.api.v1.AlterConfigsResult;
import io.jangada.api.v1.ClusterConfigScope;
import io.jangada.api.v1.ConfigChange;
import io.jangada.api.v1.ConfigDescription;
import io.jangada.api.v1.ConfigEntry;
import io.jangada.api.v1.ConfigScope;
import io.jangada.api.v1.ConfigSource;
import io.jangada.api.v1.DescribeConfigsRequest;
import io.jangada.api.v1.DescribeConfigsResponse;
import io.jangada.api.v1.SetFeatureLevelRequest;
import io.jangada.api.v1.TopicRef;
import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.config.ConfigLoader;
import io.jangada.broker.config.LogLevel;
import io.jangada.broker.service.SettingsAdmin;
import io.jangada.broker.settings.LiveSettings;
import io.jangada.broker.settings.SettingsDescriber;
import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.BrokerProfile;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.Endpoints;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.NodeRole;
import io.jangada.metadata.command.Provenance;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Configuration calls, and the settings of the node that they change. */
class ConfigCallsTest {
  private static final ConfigScope CLUSTER =
      ConfigScope.newBuilder().setCluster(ClusterConfigScope.getDefaultInstance()).build();
  private static final ConfigScope OURS = ConfigScope.newBuilder().setBrokerId(1).build();
  private static final String PARKED = "broker.parked-reads";

  private final BrokerConfig config = ConfigLoader.of("node.id=1", PARKED + "=77");
  private final ImageController metadata =
      new ImageController(
          new ControllerRequest.ClaimController(1),
          new ControllerRequest.FormatCluster(new UUID(1, 1), new UUID(1, 2)),
          registration(1),
          registration(2));
  private final ConfigCalls calls =
      new ConfigCalls(
          metadata,
          new SettingsAdmin(metadata, metadata),
          new SettingsDescriber(config),
          ConfigCallsTest::otherBroker);

  private static ControllerRequest registration(int id) {
    return new ControllerRequest.RegisterBroker(
        id,
        new UUID(0, id),
        new BrokerProfile(
            new Endpoints("b" + id + ":7400", "", ""),
            "",
            List.of(NodeRole.BROKER),
            FeatureRange.SUPPORTED),
        new Provenance(List.of(), new UUID(0, 0), Provenance.UNCLEAN));
  }

  private static CompletableFuture<DescribeConfigsResponse> otherBroker(
      String address, DescribeConfigsRequest request) {
    assertThat(address).isEqualTo("b2:7400");
    assertThat(request.getLocalOnly()).isTrue();
    return CompletableFuture.completedFuture(
        DescribeConfigsResponse.newBuilder()
            .addDescriptions(
                ConfigDescription.newBuilder()
                    .setScope(request.getScopes(0))
                    .addEntries(ConfigEntry.newBuilder().setKey("node.id").setValue("2")))
            .build());
  }

  private AlterConfigsResult alter(ConfigScope scope, Map<String, String> set, String... unset) {
    return calls
        .alter(
            AlterConfigsRequest.newBuilder()
                .addChanges(
                    ConfigChange.newBuilder()
                        .setScope(scope)
                        .putAllSet(set)
                        .addAllUnset(List.of(unset)))
                .build())
        .join()
        .getResults(0);
  }

  private ConfigDescription describe(ConfigScope scope) {
    return calls
        .describe(DescribeConfigsRequest.newBuilder().addScopes(scope).build())
        .join()
        .getDescriptions(0);
  }

  private ConfigEntry entry(ConfigScope scope, String key) {
    return describe(scope).getEntriesList().stream()
        .filter(each -> each.getKey().equals(key))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theMostSpecificIsInForceAndTheRestIsShown() {
    assertThat(entry(OURS, PARKED).getSource()).isEqualTo(ConfigSource.CONFIG_SOURCE_NODE);
    assertThat(alter(CLUSTER, Map.of(PARKED, "500")).hasError()).isFalse();
    assertThat(alter(OURS, Map.of(PARKED, "600")).hasError()).isFalse();
    ConfigEntry entry = entry(OURS, PARKED);
    assertThat(entry.getValue()).isEqualTo("600");
    assertThat(entry.getSource()).isEqualTo(ConfigSource.CONFIG_SOURCE_BROKER);
    assertThat(entry.getDefaultValue()).isEqualTo("10000");
    assertThat(entry.getChangeable()).isTrue();
    assertThat(entry.getSynonymsList())
        .extracting(each -> each.getValue() + " " + each.getSource())
        .containsExactly(
            "600 CONFIG_SOURCE_BROKER",
            "500 CONFIG_SOURCE_CLUSTER",
            "77 CONFIG_SOURCE_NODE",
            "10000 CONFIG_SOURCE_DEFAULT");
    assertThat(alter(OURS, Map.of(), PARKED).hasError()).isFalse();
    assertThat(entry(OURS, PARKED).getValue()).isEqualTo("500");
  }

  @Test
  void theRunningSettingsFollow() {
    LiveSettings live = LiveSettings.follow(config, metadata);
    assertThat(live.get().parkedReads()).isEqualTo(77);
    alter(
        CLUSTER,
        Map.of(
            PARKED,
            "500",
            "replication.lag-timeout",
            "3s",
            "broker.produces-in-flight",
            "2MiB",
            "log.max-batch-size",
            "64KiB",
            "logging.level",
            "warn"));
    assertThat(live.get().parkedReads()).isEqualTo(500);
    assertThat(live.get().lagTimeout()).hasSeconds(3);
    assertThat(live.get().producesInFlight()).hasToString("2MiB");
    assertThat(live.get().maxBatchSize()).hasToString("64KiB");
    assertThat(live.get().logLevel()).isEqualTo(LogLevel.WARN);
    alter(OURS, Map.of(PARKED, "600"));
    alter(ConfigScope.newBuilder().setBrokerId(2).build(), Map.of(PARKED, "700"));
    assertThat(live.get().parkedReads()).isEqualTo(600);
    alter(OURS, Map.of(), PARKED);
    alter(CLUSTER, Map.of(), PARKED);
    assertThat(live.get().parkedReads()).isEqualTo(77);
  }

  @Test
  void whatTheNodeIsStartedWithIsRefusedWithTheReason() {
    AlterConfigsResult refused = alter(OURS, Map.of("listeners.grpc-port", "7500"));
    assertThat(refused.getError().getCode()).isEqualTo(ErrorCode.INVALID_CONFIG.name());
    assertThat(refused.getError().getMessage()).contains("the ports are opened once");
    assertThat(refused.getError().getHint()).contains("jangada.yaml");
    assertThat(entry(OURS, "listeners.grpc-port").getChangeable()).isFalse();
    assertThat(entry(OURS, "listeners.grpc-port").getFixedBecause()).isNotEmpty();
  }

  @Test
  void otherBrokersAreAskedThemselves() {
    assertThat(entry(ConfigScope.newBuilder().setBrokerId(2).build(), "node.id").getValue())
        .isEqualTo("2");
    assertThat(describe(ConfigScope.newBuilder().setBrokerId(9).build()).getError().getCode())
        .isEqualTo(ErrorCode.INVALID_REQUEST.name());
    assertThat(
            calls
                .describe(
                    DescribeConfigsRequest.newBuilder()
                        .addScopes(ConfigScope.newBuilder().setBrokerId(2))
                        .setLocalOnly(true)
                        .build())
                .join()
                .getDescriptions(0)
                .hasError())
        .isTrue();
  }

  @Test
  void badScopesAreTypedErrors() {
    ConfigScope topic =
        ConfigScope.newBuilder().setTopic(TopicRef.newBuilder().setName("none")).build();
    assertThat(describe(ConfigScope.getDefaultInstance()).getError().getCode())
        .isEqualTo(ErrorCode.INVALID_REQUEST.name());
    assertThat(describe(topic).getError().getCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC.name());
    assertThat(alter(topic, Map.of("retention.ms", "1")).getError().getHint())
        .contains("AlterTopicConfigs");
    assertThat(
            alter(ConfigScope.newBuilder().setBrokerId(-1).build(), Map.of()).getError().getCode())
        .isEqualTo(ErrorCode.INVALID_REQUEST.name());
    assertThat(alter(CLUSTER, Map.of("num.partition", "3")).getError().getHint())
        .isEqualTo("did you mean num.partitions?");
  }

  @Test
  void theFeatureLevelInForceIsAnswered() {
    int newest = FeatureRange.SUPPORTED.max();
    assertThat(
            calls
                .setFeatureLevel(SetFeatureLevelRequest.newBuilder().setLevel(newest).build())
                .join()
                .getLevel())
        .isEqualTo(newest);
    assertThat(calls.setFeatureLevel(SetFeatureLevelRequest.newBuilder().setLevel(99).build()))
        .isCompletedExceptionally();
  }
}
