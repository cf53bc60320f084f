// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The start script, as people's machines treat it. */
class DistributionTest {
  @TempDir Path directory;
  private final Distribution distribution = Distribution.ofBuild();

  private record Result(int exitCode, String out) {}

  private Result run(Path executable, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(executable.toString()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(directory, "out", "");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().putAll(environment);
    int exitCode = builder.start().waitFor();
    return new Result(exitCode, Files.readString(out));
  }

  @Test
  void worksThroughALinkFromAPathWithBlanks() throws Exception {
    Path link = Files.createDirectories(directory.resolve("a dir")).resolve("jangada link");
    Files.createSymbolicLink(link, distribution.executable());
    Result result = run(link, Map.of(), "version");
    assertThat(result.out()).startsWith("jangada ");
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void saysInOneLineWhatIsMissing() throws Exception {
    Result result =
        run(
            distribution.executable(),
            Map.of("JANGADA_JAVA_HOME", directory.toString()),
            "version");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out().lines()).hasSize(1);
    assertThat(result.out()).contains("Java 25").contains("JANGADA_JAVA_HOME");
  }

  @Test
  void passesArgumentsAsTheyAre() throws Exception {
    Result result =
        run(
            distribution.executable(),
            Map.of("JANGADA_HOME", directory.resolve("home").toString()),
            "context",
            "set",
            "two words * $HOME",
            "--bootstrap",
            "h:1");
    assertThat(result.out()).contains("'two words * $HOME'");
    assertThat(result.exitCode()).isEqualTo(2);
  }

  @Test
  void nobodyThereIsUnavailable() throws Exception {
    Result result =
        run(
            distribution.executable(),
            Map.of("JANGADA_HOME", directory.resolve("home").toString()),
            "--timeout",
            "300ms",
            "--bootstrap",
            "127.0.0.1:1",
            "topic",
            "list");
    assertThat(result.exitCode()).as(result.out()).isEqualTo(5);
    assertThat(result.out().lines()).as(result.out()).hasSize(2);
  }
}
