// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

  private Path completion(String shell) throws Exception {
    Result script = run(distribution.executable(), Map.of(), "completion", shell);
    assertThat(script.exitCode()).isZero();
    return Files.writeString(directory.resolve("completion." + shell), script.out());
  }

  private static void assumeThereIs(String program) {
    boolean there =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
    assumeTrue(there, () -> "SKIPPED: there is no " + program + " here to complete commands in");
  }

  private String shell(String... command) throws Exception {
    Path out = Files.createTempFile(directory, "shell", "");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    boolean ended = process.waitFor(30, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as("%s: %s", List.of(command), Files.readString(out)).isTrue();
    return Files.readString(out);
  }

  @Test
  void bashCompletes() throws Exception {
    Path script = completion("bash");
    assertThat(
            shell(
                "bash",
                "--norc",
                "-c",
                "source '%s'; COMP_WORDS=(jangada topic cr); COMP_CWORD=2; _complete_jangada;"
                        .formatted(script)
                    + " echo \"${COMPREPLY[@]}\""))
        .endsWith("create\n");
  }

  @Test
  void fishCompletes() throws Exception {
    assumeThereIs("fish");
    Path script = completion("fish");
    assertThat(
            shell(
                "fish",
                "--no-config",
                "-c",
                "source '%s'; complete -C 'jangada topic cr'; complete -C 'jangada topic create --part'"
                    .formatted(script)))
        .contains("create\tCreate a topic.")
        .contains("--partitions\t");
  }

  /** In a terminal of its own, because zsh completes nowhere else. */
  @Test
  void zshCompletes() throws Exception {
    assumeThereIs("zsh");
    Path script = completion("zsh");
    assertThat(
            shell(
                "zsh",
                "-f",
                "-c",
                """
                zmodload zsh/zpty
                zpty typed zsh -f -i
                zpty -w typed "source '%s'; jangada() { print RUN:\\$*. }; print LOAD''ED"
                zpty -r typed shown '*LOADED*'
                zpty -w -n typed $'jangada topic crea\\t'
                zpty -r typed shown '*create*'
                zpty -w -n typed $'\\n'
                zpty -r typed shown '*RUN:*.*'
                print -r -- $shown
                zpty -d typed
                """
                    .formatted(script)))
        .contains("RUN:topic create.");
  }
}
