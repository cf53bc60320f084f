// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.broker.startup.DataDirectory;
import io.jangada.launcher.Contexts;
import io.jangada.launcher.Launcher;
import io.jangada.launcher.Stdio;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormatCommandTest {
  private static final String CLUSTER = "3d9b4c2e-7f0a-4a0e-9d55-0b6c1a2f3e4d";

  @TempDir Path parent;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void printsTheIdItMade() {
    assertThat(run("format")).isZero();

    assertThat(DataDirectory.clusterIdOf(parent.resolve("data")))
        .hasValue(UUID.fromString(printed().strip()));
  }

  @Test
  void takesTheIdItIsGiven() {
    assertThat(run("format", "--cluster-id", CLUSTER, "-o", "json")).isZero();

    assertThat(printed())
        .isEqualTo(
            "{\"clusterId\":\"%s\",\"nodeId\":1,\"directory\":\"%s\",\"formatted\":true}\n"
                .formatted(CLUSTER, parent.resolve("data")));
  }

  @Test
  void refusesToFormatAgainUnlessToldToIgnoreIt() {
    run("format", "--cluster-id", CLUSTER);
    out.reset();

    assertThat(run("format")).isEqualTo(1);
    assertThat(printed()).isEmpty();
    assertThat(complained()).startsWith("error: expected an empty directory").contains(CLUSTER);

    assertThat(run("format", "--ignore-formatted")).isZero();
    assertThat(printed()).isEqualTo(CLUSTER + "\n");
  }

  @Test
  void ignoringAnEarlierFormatDoesNotIgnoreWhoseItIs() {
    run("format", "--cluster-id", CLUSTER);

    assertThat(run("format", "--ignore-formatted", "--cluster-id", new UUID(1, 1).toString()))
        .isEqualTo(1);
    assertThat(run("format", "--ignore-formatted", "--set", "node.id=2")).isEqualTo(1);
    assertThat(complained()).contains("belongs to cluster " + CLUSTER, "belongs to node 1");
  }

  @Test
  void mistakesAreOneLineWithoutAStackTrace() {
    assertThat(run("format", "--set", "node.idd=1")).isEqualTo(1);
    assertThat(complained())
        .isEqualTo(
            """
            error: expected a known key, but --set has node.idd; did you mean node.id?
            try: docs/CONFIGURATION.md lists every key
            """);
    assertThat(run("format", "--cluster-id", "mine")).isEqualTo(2);
  }

  @Test
  void aServerOnAnUnformattedDirectoryDoesNotStart() {
    assertThat(run("server")).isEqualTo(1);
    assertThat(complained()).startsWith("error: expected a formatted data directory");
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(
        1, List.of("--set", "node.id=1", "--set", "storage.directory=" + parent.resolve("data")));
    Stdio stdio =
        new Stdio(
            new ByteArrayInputStream(new byte[0]),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false,
            false);
    return new Launcher(List.of(new BrokerCommands()), stdio, new Contexts(parent.resolve("home")))
        .run(all.toArray(String[]::new));
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String complained() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
