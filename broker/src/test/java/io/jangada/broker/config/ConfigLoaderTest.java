// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
  @TempDir Path directory;

  @Test
  void laterSourcesWin() throws IOException {
    Path file = write("node:\n  id: 1\n  rack: of-file\nbroker.session-timeout: 3s\n");
    Map<String, String> environment =
        Map.of("JANGADA_NODE_RACK", "of-environment", "JANGADA_NODE_ID", "2");

    BrokerConfig config = load(file, environment, "node.id=3");

    assertThat(config.node().id()).isEqualTo(3);
    assertThat(config.node().rack()).hasValue("of-environment");
    assertThat(config.broker().sessionTimeout()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void aWholeFile() throws IOException {
    Path file =
        write(
            """
            node:
              id: 2
              roles: [broker, quorum]   # both
            quorum:
              members:
                - 1@a.example:7400/7401
                - 2@b.example:7400/7401
                - 3@[fe80::1]:7400/7401
            listeners:
              bind-host: 0.0.0.0
              advertised-host: b.example
            storage:
              directory: ../data
            """);

    BrokerConfig config = load(file, Map.of());

    assertThat(config.quorum().members())
        .extracting(QuorumMember::toString)
        .containsExactly("1@a.example:7400/7401", "2@b.example:7400/7401", "3@[fe80::1]:7400/7401");
    assertThat(config.listeners().advertisedGrpcAddress()).isEqualTo("b.example:7400");
    assertThat(config.storage().directory())
        .as("relative to the file's directory")
        .isEqualTo(directory.resolveSibling("data").toAbsolutePath());
  }

  @Test
  void logDirectoriesBesideTheData() throws IOException {
    Path file = write("node.id: 1\nstorage:\n  log-directories: [a, /mnt/b, data/log]\n");

    assertThat(load(file, Map.of()).storage().logDirectories())
        .containsExactly(
            directory.resolve("a").toAbsolutePath(),
            Path.of("/mnt/b"),
            directory.resolve("data/log").toAbsolutePath());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a, a", "a, a/b", "a/b, ./a", "data, b", "data/quorum", "b, data/metadata/c"})
  void logDirectoriesThatAreNotApart(String value) throws IOException {
    assertProblems(write("node.id: 1\n"), Map.of(), "storage.log-directories=" + value)
        .startsWith("storage.log-directories: expected ");
  }

  @Test
  void unknownKeysAreNamedWithTheirLineAndASuggestion() throws IOException {
    Path file = write("node:\n  id: 1\nlisteners:\n  grcp-port: 7400\n");

    assertProblems(file, Map.of())
        .isEqualTo(
            "expected a known key, but jangada.yaml:4 has listeners.grcp-port;"
                + " did you mean listeners.grpc-port?");
  }

  @Test
  void unknownVariablesAreNamedButKubernetesServiceLinksAreNot() throws IOException {
    Path file = write("node.id: 1");
    Map<String, String> environment =
        Map.of(
            "JANGADA_NODE_IDD", "1",
            "JANGADA_HOME", "/root",
            "JANGADA_SERVICE_HOST", "10.0.0.1",
            "JANGADA_PORT_7400_TCP_ADDR", "10.0.0.1",
            "PATH", "/bin");

    assertProblems(file, environment)
        .isEqualTo(
            "expected a known JANGADA_ variable, but the environment has JANGADA_NODE_IDD;"
                + " did you mean JANGADA_NODE_ID?");
  }

  @Test
  void everyMistakeIsReportedAtOnceWithItsSource() throws IOException {
    Path file = write("node:\n  id: zero\nbroker:\n  session-timeout: 2\n");

    assertProblems(file, Map.of("JANGADA_LOG_SEGMENT_SIZE", "1KiB"), "node.roles=boss", "nonsense")
        .isEqualTo(
            """
            expected --set key=value, but got --set nonsense;
            node.id: expected a number in 1..999999999, but jangada.yaml:2 says 'zero';
            node.roles: expected a list of at least one of: quorum, broker, but --set says 'boss';
            broker.session-timeout: expected a duration in 300ms..1m such as 500ms, 10s, 5m, 1h, 7d,\
             but jangada.yaml:4 says '2';
            log.segment-size: expected a data size in 1MiB..2047MiB such as 64KiB, 512MiB, 10GB,\
             but environment variable JANGADA_LOG_SEGMENT_SIZE says '1KiB'\
            """);
  }

  @Test
  void theNodeIdMustBeGiven() {
    assertThatExceptionOfType(JangadaException.class)
        .isThrownBy(ConfigLoader::of)
        .withMessageContaining("node.id, but it is not set (nor JANGADA_NODE_ID)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "listeners.bind-host=0.0.0.0 | expected listeners.advertised-host to name a host",
        "listeners.http-port=7401 | expected three different ports",
        "quorum.members=1@a:7400/7401,2@b:7400/7401 | expected 1, 3 or 5 members",
        "quorum.members=1@a:7410/7401 | expected this node's ports 7400/7401",
        "quorum.members=1@a:7400/7401,1@b:7400/7401,2@c:7400/7401 | two have 1",
        "quorum.members=1@a:7400/7401,2@a:7400/7411,3@c:7400/7401 | repeats one",
        "quorum.members=1@a:0/7401 | expected a list of ID@HOST:GRPCPORT/RATISPORT",
        "quorum.members=a:7400 | expected a list of ID@HOST:GRPCPORT/RATISPORT",
        "node.roles=broker | expected 1, 3 or 5 members, but there are 0",
        "listeners.bind-host= | expected a host name or address",
        "cluster.id=my-cluster | expected a UUID",
        "storage.directory= | expected a directory",
        "log.segment-size=99999999999999999TiB | expected a data size",
      })
  void contradictionsAreRefused(String override, String message) {
    assertThatExceptionOfType(JangadaException.class)
        .isThrownBy(() -> ConfigLoader.of("node.id=1", override))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIG));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "node: [",
        "\tnode: 1",
        "- a\n- b",
        "just words",
        "node:\n  id: 1\nnode:\n  id: 2",
        "node.id: 1\nnode:\n  id: 2",
        "node.id: 1\n---\nnode.id: 2",
        "quorum:\n  members:\n    - {id: 1}",
        "node: \u0000\u0001",
        "%!@#$^&*()",
      })
  void garbageIsRefusedWithTheFileName(String content) throws IOException {
    Path file = write(content);

    assertProblems(file, Map.of()).startsWith("configuration file " + file + ": ");
  }

  @Test
  void aMissingUnreadableOrHugeFileIsRefused() throws IOException {
    assertProblems(directory.resolve("none.yaml"), Map.of()).endsWith("there is no such file");
    assertProblems(directory, Map.of()).contains("configuration file " + directory);
    Path huge = write("#".repeat(1 << 21));
    assertProblems(huge, Map.of()).contains("expected at most 1MiB");
  }

  private Path write(String content) throws IOException {
    return Files.writeString(directory.resolve("jangada.yaml"), content);
  }

  private static BrokerConfig load(
      Path file, Map<String, String> environment, String... overrides) {
    return ConfigLoader.load(Optional.of(file), environment, List.of(overrides));
  }

  private static org.assertj.core.api.AbstractStringAssert<?> assertProblems(
      Path file, Map<String, String> environment, String... overrides) {
    JangadaException refused =
        org.assertj.core.api.Assertions.catchThrowableOfType(
            JangadaException.class, () -> load(file, environment, overrides));
    assertThat(refused).isNotNull();
    assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
    return assertThat(refused.getMessage());
  }
}
