// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.broker.config.ConfigLoader;
import io.jangada.broker.service.SettingsAdmin;
import io.jangada.broker.service.TopicAdmin;
import io.jangada.broker.settings.SettingsDescriber;
import io.jangada.kafka.config.ConfigDescriptions;
import io.jangada.metadata.image.ConstantTopicConfig;
import io.jangada.metadata.image.TopicConfigKey;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Describing and changing configurations; the broker is number 1. */
class ConfigApisTest {
  private static final byte TOPIC = ConfigResource.Type.TOPIC.id();
  private static final byte BROKER = ConfigResource.Type.BROKER.id();
  private static final byte BROKER_LOGGER = ConfigResource.Type.BROKER_LOGGER.id();

  private final FakeCluster cluster = new FakeCluster();
  private final SettingsDescriber describer =
      new SettingsDescriber(
          ConfigLoader.of("node.id=1", "replication.lag-timeout=20s", "node.rack=north"));
  private final ConfigDescriptions descriptions = new ConfigDescriptions(describer);
  private final DescribeConfigsApi describe = new DescribeConfigsApi(1, cluster, descriptions);
  private final ConfigAlteration alteration =
      new ConfigAlteration(
          1,
          cluster,
          new TopicAdmin(cluster, cluster),
          new SettingsAdmin(cluster, cluster),
          describer);
  private final AlterConfigsApi alter = new AlterConfigsApi(alteration);
  private final IncrementalAlterConfigsApi incremental = new IncrementalAlterConfigsApi(alteration);

  private DescribeConfigsResult described(int type, String name) throws Exception {
    return described(describe.versions().latest(), type, name);
  }

  private DescribeConfigsResult described(short version, int type, String name) throws Exception {
    DescribeConfigsRequestData request =
        new DescribeConfigsRequestData()
            .setIncludeSynonyms(true)
            .setIncludeDocumentation(version >= 3);
    request
        .resources()
        .add(
            new DescribeConfigsResource()
                .setResourceType((byte) type)
                .setResourceName(name)
                .setConfigurationKeys(null));
    return Exchanges.ask(describe, request, version, DescribeConfigsResponseData.class)
        .results()
        .getFirst();
  }

  private static DescribeConfigsResourceResult entry(DescribeConfigsResult result, String name) {
    return result.configs().stream()
        .filter(config -> config.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> synonyms(DescribeConfigsResourceResult entry) {
    return entry.synonyms().stream()
        .map(
            synonym ->
                ConfigSource.forId(synonym.source()) + " " + synonym.name() + "=" + synonym.value())
        .toList();
  }

  private static AlterableConfig op(String name, OpType type, String value) {
    return new AlterableConfig().setName(name).setConfigOperation(type.id()).setValue(value);
  }

  private Errors altered(int type, String name, AlterableConfig... configs) throws Exception {
    return altered(incremental.versions().latest(), false, type, name, configs);
  }

  private Errors altered(
      short version, boolean validateOnly, int type, String name, AlterableConfig... configs)
      throws Exception {
    AlterConfigsResource resource =
        new AlterConfigsResource().setResourceType((byte) type).setResourceName(name);
    Arrays.stream(configs).forEach(resource.configs()::mustAdd);
    IncrementalAlterConfigsRequestData request =
        new IncrementalAlterConfigsRequestData().setValidateOnly(validateOnly);
    request.resources().mustAdd(resource);
    return Errors.forCode(
        Exchanges.ask(incremental, request, version, IncrementalAlterConfigsResponseData.class)
            .responses()
            .getFirst()
            .errorCode());
  }

  @Test
  void everyConfigurationOfATopicIsDescribedInEveryVersion() throws Exception {
    cluster.create("t", 1, Map.of("retention.ms", "1000"));
    for (short version : Exchanges.versions(describe)) {
      DescribeConfigsResult result = described(version, TOPIC, "t");
      assertThat(result.errorCode()).isZero();
      assertThat(result.configs())
          .extracting(DescribeConfigsResourceResult::name)
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(
                      Arrays.stream(TopicConfigKey.values()).map(TopicConfigKey::key),
                      Arrays.stream(ConstantTopicConfig.values()).map(ConstantTopicConfig::key))
                  .toList());
      DescribeConfigsResourceResult retention = entry(result, "retention.ms");
      assertThat(retention.value()).isEqualTo("1000");
      assertThat(retention.configSource()).isEqualTo(ConfigSource.TOPIC_CONFIG.id());
      assertThat(synonyms(retention))
          // Kafka's brokers have this default in hours only.
          .containsExactly("TOPIC_CONFIG retention.ms=1000");
      if (version >= 3) {
        assertThat(retention.configType()).isEqualTo(ConfigType.LONG.id());
        assertThat(retention.documentation()).contains("kept");
      }
    }
  }

  @Test
  void whatConnectLooksAtIsExact() throws Exception {
    cluster.create("t", 1, Map.of());
    DescribeConfigsResourceResult policy = entry(described(TOPIC, "t"), "cleanup.policy");
    assertThat(policy.value()).isEqualTo("delete");
    assertThat(policy.configSource()).isEqualTo(ConfigSource.DEFAULT_CONFIG.id());
    assertThat(policy.configType()).isEqualTo(ConfigType.LIST.id());
    assertThat(policy.readOnly()).isFalse();
    assertThat(synonyms(policy)).containsExactly("DEFAULT_CONFIG log.cleanup.policy=delete");
  }

  @Test
  void onlyWhatIsAskedForIsAnswered() throws Exception {
    cluster.create("t", 1, Map.of());
    DescribeConfigsRequestData request = new DescribeConfigsRequestData();
    request
        .resources()
        .add(
            new DescribeConfigsResource()
                .setResourceType(TOPIC)
                .setResourceName("t")
                .setConfigurationKeys(List.of("segment.bytes", "no.such")));
    DescribeConfigsResult result =
        Exchanges.ask(describe, request, DescribeConfigsResponseData.class).results().getFirst();
    assertThat(result.configs())
        .extracting(DescribeConfigsResourceResult::name)
        .containsExactly("segment.bytes");
    assertThat(result.configs().getFirst().synonyms()).isEmpty();
    assertThat(result.configs().getFirst().documentation()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "2, missing, UNKNOWN_TOPIC_OR_PARTITION",
    "2, no good, INVALID_TOPIC_EXCEPTION",
    "4, 2, INVALID_REQUEST",
    "4, one, INVALID_REQUEST",
    "8, 2, INVALID_REQUEST",
    "16, metrics, INVALID_REQUEST",
    "32, group, INVALID_REQUEST",
    "99, what, INVALID_REQUEST"
  })
  void whatCannotBeDescribedIsRefusedWithAReason(int type, String name, Errors error)
      throws Exception {
    DescribeConfigsResult result = described(type, name);
    assertThat(Errors.forCode(result.errorCode())).isEqualTo(error);
    // Kafka says nothing more of a topic that does not exist.
    assertThat(String.valueOf(result.errorMessage()).isEmpty())
        .isEqualTo(error == Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(result.configs()).isEmpty();
  }

  @Test
  void aBrokerIsDescribedUnderKafkasNamesAndInKafkasUnits() throws Exception {
    DescribeConfigsResult result = described(BROKER, "1");
    DescribeConfigsResourceResult lag = entry(result, "replica.lag.time.max.ms");
    assertThat(lag.value()).isEqualTo("20000");
    assertThat(lag.readOnly()).isFalse();
    assertThat(synonyms(lag))
        .containsExactly(
            "STATIC_BROKER_CONFIG replica.lag.time.max.ms=20000",
            "DEFAULT_CONFIG replica.lag.time.max.ms=10000");
    assertThat(entry(result, "broker.id").value()).isEqualTo("1");
    assertThat(entry(result, "node.id").readOnly()).isTrue();
    assertThat(entry(result, "broker.rack").value()).isEqualTo("north");
    assertThat(entry(result, "default.replication.factor").value()).isEqualTo("3");
    assertThat(entry(result, "log.retention.ms").value()).isEqualTo("604800000");
    assertThat(entry(result, "message.max.bytes").configType()).isEqualTo(ConfigType.INT.id());
    assertThat(entry(result, "log.cleanup.policy").value()).isEqualTo("delete");
    assertThat(entry(result, "broker.parked-reads").readOnly()).isFalse();
    assertThat(result.configs())
        .extracting(DescribeConfigsResourceResult::name)
        .doesNotHaveDuplicates();
  }

  @Test
  void theClustersDefaultsAreWhatIsSet() throws Exception {
    assertThat(described(BROKER, "").configs()).isEmpty();
    assertThat(
            altered(
                BROKER,
                "",
                op("log.retention.ms", OpType.SET, "5000"),
                op("replica.lag.time.max.ms", OpType.SET, "30000")))
        .isEqualTo(Errors.NONE);
    DescribeConfigsResult result = described(BROKER, "");
    assertThat(result.configs())
        .extracting(config -> config.name() + "=" + config.value())
        .containsExactly("log.retention.ms=5000", "replica.lag.time.max.ms=30000");
    assertThat(entry(result, "log.retention.ms").configSource())
        .isEqualTo(ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG.id());

    cluster.create("t", 1, Map.of());
    assertThat(synonyms(entry(described(TOPIC, "t"), "retention.ms")))
        .containsExactly("DYNAMIC_DEFAULT_BROKER_CONFIG log.retention.ms=5000");

    assertThat(altered(BROKER, "", op("log.retention.ms", OpType.DELETE, null)))
        .isEqualTo(Errors.NONE);
    assertThat(described(BROKER, "").configs()).hasSize(1);
  }

  @Test
  void aBrokersOwnValueWins() throws Exception {
    assertThat(altered(BROKER, "", op("replica.lag.time.max.ms", OpType.SET, "30000")))
        .isEqualTo(Errors.NONE);
    assertThat(altered(BROKER, "1", op("replica.lag.time.max.ms", OpType.SET, "40000")))
        .isEqualTo(Errors.NONE);
    assertThat(cluster.image().settings().of(1)).containsEntry("replication.lag-timeout", "40s");
    assertThat(synonyms(entry(described(BROKER, "1"), "replica.lag.time.max.ms")))
        .containsExactly(
            "DYNAMIC_BROKER_CONFIG replica.lag.time.max.ms=40000",
            "DYNAMIC_DEFAULT_BROKER_CONFIG replica.lag.time.max.ms=30000",
            "STATIC_BROKER_CONFIG replica.lag.time.max.ms=20000",
            "DEFAULT_CONFIG replica.lag.time.max.ms=10000");
  }

  @Test
  void whatIsWrongWithABrokersConfigurationIsAnInvalidRequest() throws Exception {
    assertThat(altered(BROKER, "2", op("replica.lag.time.max.ms", OpType.SET, "30000")))
        .isEqualTo(Errors.INVALID_REQUEST);
    assertThat(altered(BROKER, "1", op("node.id", OpType.SET, "7")))
        .isEqualTo(Errors.INVALID_REQUEST);
    assertThat(altered(BROKER, "1", op("no.such", OpType.SET, "7")))
        .isEqualTo(Errors.INVALID_REQUEST);
    assertThat(altered(BROKER, "", op("replica.lag.time.max.ms", OpType.SET, "soon")))
        .isEqualTo(Errors.INVALID_REQUEST);
    assertThat(altered(BROKER, "1", op("log.retention.ms", OpType.SET, "1")))
        .isEqualTo(Errors.INVALID_REQUEST);
    assertThat(altered(BROKER, "1", op("no.such", OpType.DELETE, null))).isEqualTo(Errors.NONE);
    assertThat(cluster.image().settings().brokers()).isEmpty();
  }

  @Test
  void loggersAreAResourceOfTheirBroker() throws Exception {
    Logger logger = LoggerFactory.getLogger("test." + ConfigApisTest.class.getName());
    String name = logger.getName();
    assertThat(altered(BROKER_LOGGER, "1", op(name, OpType.SET, "TRACE"))).isEqualTo(Errors.NONE);
    assertThat(logger.isTraceEnabled()).isTrue();
    DescribeConfigsResourceResult entry = entry(described(BROKER_LOGGER, "1"), name);
    assertThat(entry.value()).isEqualTo("TRACE");
    assertThat(ConfigSource.forId(entry.configSource()))
        .isEqualTo(ConfigSource.DYNAMIC_BROKER_LOGGER_CONFIG);
    assertThat(altered((short) 1, true, BROKER_LOGGER, "1", op(name, OpType.SET, "ERROR")))
        .isEqualTo(Errors.NONE);
    assertThat(logger.isTraceEnabled()).isTrue();
    assertThat(altered(BROKER_LOGGER, "1", op(name, OpType.DELETE, null))).isEqualTo(Errors.NONE);
    assertThat(logger.isTraceEnabled()).isFalse();

    assertThat(altered(BROKER_LOGGER, "1", op(name, OpType.SET, "LOUD")))
        .isEqualTo(Errors.INVALID_CONFIG);
    assertThat(altered(BROKER_LOGGER, "1", op("no.such", OpType.SET, "INFO")))
        .isEqualTo(Errors.INVALID_CONFIG);
    assertThat(altered(BROKER_LOGGER, "1", op("root", OpType.DELETE, null)))
        .isEqualTo(Errors.INVALID_REQUEST);
    assertThat(altered(BROKER_LOGGER, "2", op("root", OpType.SET, "INFO")))
        .isEqualTo(Errors.INVALID_REQUEST);
  }

  @Test
  void operationsChangeWhatTheyNameInEveryVersion() throws Exception {
    cluster.create("t", 1, Map.of("segment.ms", "99"));
    for (short version : Exchanges.versions(incremental)) {
      assertThat(
              altered(
                  version,
                  false,
                  TOPIC,
                  "t",
                  op("retention.ms", OpType.SET, "100" + version),
                  op("retention.bytes", OpType.DELETE, null)))
          .isEqualTo(Errors.NONE);
      assertThat(cluster.topic("t").configs())
          .containsEntry("retention.ms", "100" + version)
          .containsEntry("segment.ms", "99");
    }
    assertThat(altered(TOPIC, "t", op("segment.ms", OpType.DELETE, null))).isEqualTo(Errors.NONE);
    assertThat(cluster.topic("t").configs()).doesNotContainKey("segment.ms");
  }

  @Test
  void listsAreAppendedToAndSubtractedFrom() throws Exception {
    cluster.create("t", 1, Map.of());
    assertThat(altered(TOPIC, "t", op("cleanup.policy", OpType.APPEND, "delete")))
        .isEqualTo(Errors.NONE);
    assertThat(altered(TOPIC, "t", op("cleanup.policy", OpType.APPEND, "compact")))
        .isEqualTo(Errors.NONE);
    assertThat(cluster.topic("t").configs()).containsEntry("cleanup.policy", "delete,compact");
    assertThat(altered(TOPIC, "t", op("cleanup.policy", OpType.SUBTRACT, "compact")))
        .isEqualTo(Errors.NONE);
    assertThat(altered(TOPIC, "t", op("cleanup.policy", OpType.SUBTRACT, "delete")))
        .isEqualTo(Errors.INVALID_CONFIG);
    assertThat(altered(TOPIC, "t", op("retention.ms", OpType.APPEND, "1")))
        .isEqualTo(Errors.INVALID_CONFIG);
    assertThat(cluster.topic("t").configs()).containsEntry("cleanup.policy", "delete");
  }

  @Test
  void whatCannotBeChangedIsRefusedAndNothingIs() throws Exception {
    cluster.create("t", 1, Map.of());
    Map<String, String> before = cluster.topic("t").configs();
    assertThat(altered(TOPIC, "t", op("retention.ms", OpType.SET, "soon")))
        .isEqualTo(Errors.INVALID_CONFIG);
    assertThat(altered(TOPIC, "t", op("no.such", OpType.SET, "1")))
        .isEqualTo(Errors.INVALID_CONFIG);
    assertThat(altered(TOPIC, "missing", op("retention.ms", OpType.SET, "1")))
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(altered(TOPIC, "no good", op("retention.ms", OpType.SET, "1")))
        .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
    assertThat(altered(TOPIC, "", op("retention.ms", OpType.SET, "1")))
        .isEqualTo(Errors.INVALID_REQUEST);
    assertThat(altered(TOPIC, "t", op("retention.ms", OpType.SET, null)))
        .isEqualTo(Errors.INVALID_REQUEST);
    assertThat(
            altered(
                TOPIC,
                "t",
                op("retention.ms", OpType.SET, "1"),
                op("retention.ms", OpType.DELETE, null)))
        .isEqualTo(Errors.INVALID_REQUEST);
    assertThat(
            altered(TOPIC, "t", op("retention.ms", OpType.SET, "1").setConfigOperation((byte) 9)))
        .isEqualTo(Errors.INVALID_REQUEST);
    assertThat(altered((short) 1, true, TOPIC, "t", op("retention.ms", OpType.SET, "1")))
        .isEqualTo(Errors.NONE);
    assertThat(cluster.topic("t").configs()).isEqualTo(before);
  }

  @Test
  void theOlderWayReplacesEverythingInEveryVersion() throws Exception {
    for (short version : Exchanges.versions(alter)) {
      String name = "t" + version;
      cluster.create(name, 1, Map.of("segment.ms", "99", "retention.ms", "1"));
      AlterConfigsRequestData.AlterConfigsResource resource =
          new AlterConfigsRequestData.AlterConfigsResource()
              .setResourceType(TOPIC)
              .setResourceName(name);
      resource
          .configs()
          .mustAdd(
              new AlterConfigsRequestData.AlterableConfig().setName("retention.ms").setValue("2"));
      AlterConfigsRequestData request = new AlterConfigsRequestData();
      request.resources().mustAdd(resource);
      assertThat(
              Exchanges.ask(alter, request, version, AlterConfigsResponseData.class)
                  .responses()
                  .getFirst()
                  .errorCode())
          .isZero();
      assertThat(cluster.topic(name).configs())
          .containsEntry("retention.ms", "2")
          .doesNotContainKey("segment.ms");
    }
  }

  @Test
  void aResourceThatIsNamedTwiceIsNotChanged() throws Exception {
    cluster.create("t", 1, Map.of());
    IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
    for (String value : List.of("1", "2")) {
      AlterConfigsResource resource =
          new AlterConfigsResource().setResourceType(TOPIC).setResourceName("t");
      resource.configs().mustAdd(op("retention.ms", OpType.SET, value));
      request.resources().mustAdd(resource);
    }
    assertThat(
            Exchanges.ask(incremental, request, IncrementalAlterConfigsResponseData.class)
                .responses())
        .extracting(response -> Errors.forCode(response.errorCode()))
        .containsExactly(Errors.INVALID_REQUEST, Errors.INVALID_REQUEST);
    assertThat(cluster.topic("t").configs()).doesNotContainKey("retention.ms");
  }
}
