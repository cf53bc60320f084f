// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.DataSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Pins every default: a change of one is a change of behaviour for everyone who did not set it. */
class ConfigDefaultsTest {

  @Test
  void everyDefault() {
    assertThat(ConfigLoader.of("node.id=1"))
        .isEqualTo(
            new BrokerConfig(
                new BrokerConfig.Node(
                    1, Set.of(Role.QUORUM, Role.BROKER), Optional.empty(), Optional.empty()),
                new BrokerConfig.Quorum(List.of(new QuorumMember(1, "127.0.0.1", 7400, 7401))),
                new BrokerConfig.Listeners(
                    "127.0.0.1",
                    "127.0.0.1",
                    7400,
                    7401,
                    7402,
                    Optional.empty(),
                    new BrokerConfig.GrpcBounds(
                        DataSize.ofMebibytes(64),
                        1000,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5)),
                    Optional.of(
                        new BrokerConfig.Kafka(
                            9092,
                            "127.0.0.1:9092",
                            Optional.empty(),
                            new BrokerConfig.KafkaBounds(
                                DataSize.ofMebibytes(64),
                                DataSize.ofMebibytes(64),
                                DataSize.ofMebibytes(48),
                                DataSize.ofMebibytes(16),
                                20_000,
                                Duration.ofMinutes(10),
                                2,
                                1000),
                            false))),
                new BrokerConfig.Storage(
                    Path.of("data").toAbsolutePath(),
                    List.of(Path.of("data/log").toAbsolutePath()),
                    DataSize.ofMebibytes(1_024),
                    DataSize.ofMebibytes(4_096),
                    DataSize.ofMebibytes(32),
                    DataSize.ofMebibytes(256)),
                new BrokerConfig.Broker(
                    Duration.ofSeconds(2),
                    Duration.ofMillis(1_500),
                    Duration.ofSeconds(20),
                    2,
                    DataSize.ofMebibytes(64),
                    10_000),
                new BrokerConfig.Replication(Duration.ofSeconds(10), DataSize.ofMebibytes(64)),
                new BrokerConfig.Log(DataSize.ofMebibytes(512), DataSize.ofMebibytes(8)),
                new BrokerConfig.Groups(
                    50,
                    0,
                    Duration.ofDays(7),
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(6),
                    Duration.ofMinutes(30),
                    Duration.ofSeconds(45),
                    Duration.ofSeconds(5),
                    Integer.MAX_VALUE,
                    2),
                new BrokerConfig.Logging(LogLevel.INFO, LogFormat.TEXT),
                Map.of("node.id", new ConfigValue("1", "--set"))));
  }

  @Test
  void environmentVariablesOfDifferentKeysDiffer() {
    assertThat(ConfigKeys.all()).extracting(ConfigKey::environmentVariable).doesNotHaveDuplicates();
    assertThat(ConfigKeys.all()).extracting(ConfigKey::name).doesNotHaveDuplicates();
  }
}
