// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.client.Admin;
import io.jangada.client.ClientConfig;
import io.jangada.client.ConfigChange;
import io.jangada.client.ConfigEntry;
import io.jangada.client.ConfigScope;
import io.jangada.client.ConfigSource;
import io.jangada.client.JangadaClient;
import io.jangada.client.NewTopic;
import io.jangada.client.Producer;
import io.jangada.client.ProducerConfig;
import io.jangada.client.ProducerRecord;
import io.jangada.client.RecordMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients and operators do to a real broker over the public API alone. */
class ThinClientTest {
  private static final Path PROTOS = Path.of("../proto/src/main/protobuf").toAbsolutePath();
  private static final Path PROGRAM =
      Path.of("../examples/python/structured_records.py").toAbsolutePath();

  private static LocalCluster cluster;

  @TempDir Path directory;

  private record Result(int exitCode, String out) {}

  @BeforeAll
  static void start() throws Exception {
    cluster = LocalCluster.start(1);
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster != null) {
      cluster.close();
    }
  }

  /** Debian's own packages: python3-grpcio, protobuf-compiler, protobuf-compiler-grpc. */
  @Test
  void pythonWritesAndReadsRecordsWithGeneratedStubsAlone() throws Exception {
    Optional<String> python = pythonWithGrpc();
    Optional<String> missing =
        python.isEmpty()
            ? Optional.of("python3 with the packages grpc and google.protobuf (python3-grpcio)")
            : Stream.of("protoc", "grpc_python_plugin").filter(name -> !onPath(name)).findFirst();
    missing.ifPresent(what -> System.out.println("Skipped: no Python client without " + what));
    Assumptions.assumeTrue(missing.isEmpty(), () -> "there is no " + missing.orElseThrow());

    List<String> protoc =
        new ArrayList<>(
            List.of(
                "protoc",
                "-I" + PROTOS,
                "--python_out=" + directory,
                "--grpc_out=" + directory,
                "--plugin=protoc-gen-grpc=" + onPathAs("grpc_python_plugin")));
    try (Stream<Path> files = Files.list(PROTOS.resolve("jangada/v1"))) {
      files.map(Path::toString).sorted().forEach(protoc::add);
    }
    Result generated = run(protoc);
    assertThat(generated.exitCode()).as(generated.out()).isZero();

    try (JangadaClient client = client()) {
      client
          .admin()
          .createTopic(new NewTopic("thin", 1, 1, Map.of("max.message.bytes", "1048588")));
    }
    Result ran =
        run(
            List.of(
                python.orElseThrow(),
                PROGRAM.toString(),
                cluster.node(1).plan().grpcAddress(),
                "thin",
                "1000"));
    assertThat(ran.exitCode()).as(ran.out()).isZero();
    assertThat(ran.out())
        .contains("\"records\": 1000", "\"differing\": []", "\"conditional\": 1000");
  }

  @Test
  void settingsTakeEffectWhileTheBrokerRuns() throws Exception {
    try (JangadaClient client = client()) {
      Admin admin = client.admin();
      ConfigScope broker = ConfigScope.broker(1);
      set(admin, ConfigScope.cluster(), Map.of("num.partitions", "3", "max.message.bytes", "2048"));
      assertThat(admin.createTopic(NewTopic.of("tuned")).partitions()).isEqualTo(3);
      byte[] value = new byte[1500];
      assertThat(send(client, value)).isGreaterThanOrEqualTo(0);
      assertThatThrownBy(() -> send(client, new byte[2500])).hasMessageContaining("2048");
      // Batches of that size, however much there is to send.
      try (Producer producer = client.producer(ProducerConfig.defaults())) {
        List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
          sent.add(producer.send(ProducerRecord.of("tuned", null, new byte[500])));
        }
        CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
      }

      set(admin, broker, Map.of("log.max-batch-size", "1KiB"));
      assertThatThrownBy(() -> send(client, value)).hasMessageContaining("1024");
      ConfigEntry entry =
          admin.describeConfigs(List.of(broker)).get(0).orThrow().stream()
              .filter(each -> each.key().equals("log.max-batch-size"))
              .findFirst()
              .orElseThrow();
      assertThat(entry.source()).isEqualTo(ConfigSource.BROKER);
      assertThat(entry.value()).isEqualTo("1KiB");

      admin
          .alterConfigs(
              List.of(new ConfigChange(broker, Map.of(), List.of("log.max-batch-size"))), false)
          .get(0)
          .orThrow();
      assertThat(send(client, value)).isGreaterThanOrEqualTo(0);
      // What was set outlives the process.
      cluster.node(1).kill();
      cluster.node(1).start();
      cluster.awaitReady();
      assertThat(send(client, value)).isGreaterThanOrEqualTo(0);
      assertThatThrownBy(() -> send(client, new byte[2500])).hasMessageContaining("2048");
      int level = admin.describeQuorum().featureLevel();
      assertThat(admin.setFeatureLevel(level, true)).isEqualTo(level);
    }
  }

  private static JangadaClient client() {
    return JangadaClient.connect(ClientConfig.of(cluster.node(1).plan().grpcAddress()));
  }

  private static void set(Admin admin, ConfigScope scope, Map<String, String> settings) {
    admin
        .alterConfigs(List.of(new ConfigChange(scope, settings, List.of())), false)
        .get(0)
        .orThrow();
  }

  private static long send(JangadaClient client, byte[] value) throws Exception {
    try (Producer producer = client.producer(ProducerConfig.defaults().withIdempotent(false))) {
      return producer
          .send(ProducerRecord.of("tuned", null, value).withPartition(0))
          .get(20, TimeUnit.SECONDS)
          .offset();
    }
  }

  private Optional<String> pythonWithGrpc() throws Exception {
    for (String python : List.of("/usr/bin/python3", "python3")) {
      try {
        if (run(List.of(python, "-c", "import grpc, google.protobuf")).exitCode() == 0) {
          return Optional.of(python);
        }
      } catch (IOException none) {
        // The next one, then.
      }
    }
    return Optional.empty();
  }

  private static boolean onPath(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
  }

  private static String onPathAs(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(each -> Path.of(each, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow()
        .toString();
  }

  private Result run(List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile(directory, "out", "");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().put("PYTHONPATH", directory.toString());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    int exitCode = builder.start().waitFor();
    return new Result(exitCode, Files.readString(out));
  }
}
