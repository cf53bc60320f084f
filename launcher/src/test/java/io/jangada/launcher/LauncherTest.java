// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class LauncherTest {
  @TempDir Path home;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Command(name = "show")
  static final class Show implements Callable<Integer> {
    private final Invocation invocation;

    public Show(Invocation invocation) {
      this.invocation = invocation;
    }

    private record Answer(List<String> bootstrap, long timeoutMs) {}

    @Override
    public Integer call() {
      Answer answer = new Answer(invocation.bootstrap(), invocation.timeout().toMillis());
      invocation
          .printer()
          .print(
              answer,
              wide ->
                  new Table("BOOTSTRAP", "TIMEOUT").row(answer.bootstrap(), answer.timeoutMs()));
      return ExitCode.DONE.number();
    }
  }

  @Command(name = "break")
  static final class Break implements Callable<Integer> {
    @Option(names = "--with", required = true)
    String code = "";

    @Override
    public Integer call() {
      throw switch (code) {
        case "BUG" -> new IllegalStateException("oops\nsecond line");
        case "PIPE" -> new UncheckedIOException(new java.io.IOException("Broken pipe"));
        case "UNSAFE" -> new CommandException(ExitCode.UNSAFE, "expected --yes", "add --yes");
        default -> new JangadaException(ErrorCode.valueOf(code), "expected X, but Y", "do Z");
      };
    }
  }

  static final class Provider implements CommandProvider {
    @Override
    public Map<String, Class<?>> commands() {
      return Map.of("show", Show.class, "break", Break.class);
    }
  }

  private int run(String... arguments) {
    Stdio stdio =
        new Stdio(
            new ByteArrayInputStream(new byte[0]),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false,
            false);
    return new Launcher(List.of(new Provider()), stdio, new Contexts(home)).run(arguments);
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String complained() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void withoutAnythingTheFirstLocalClusterIsTried() {
    assertThat(run("show", "-o", "json")).isZero();
    assertThat(printed())
        .isEqualTo(
            "{\"bootstrap\":[\"127.0.0.1:7400\",\"127.0.0.1:7410\",\"127.0.0.1:7420\"],"
                + "\"timeoutMs\":30000}\n");
  }

  @Test
  void globalOptionsWorkBeforeAndBehindTheCommand() {
    assertThat(run("--bootstrap", "a:1,b:2", "--timeout", "500ms", "show")).isZero();
    assertThat(run("show", "--bootstrap", "a:1,b:2", "--timeout=500ms")).isZero();
    assertThat(printed().lines())
        .containsExactly(
            "BOOTSTRAP   TIMEOUT",
            "[a:1, b:2]      500",
            "BOOTSTRAP   TIMEOUT",
            "[a:1, b:2]      500");
  }

  @Test
  void theSelectedContextIsUsedAndBootstrapBeatsIt() {
    Contexts contexts = new Contexts(home);
    contexts.save(new ClusterContext("dev", List.of("dev:1")));
    contexts.save(new ClusterContext("live", List.of("live:1")));
    contexts.select("dev");
    run("show", "-o", "json");
    run("--context", "live", "show", "-o", "json");
    run("show", "-o", "json", "--bootstrap", "x:9");
    assertThat(printed().lines().map(line -> line.split("\"", -1)[3]))
        .containsExactly("dev:1", "live:1", "x:9");
  }

  @Test
  void anUnknownContextIsNotFound() {
    assertThat(run("--context", "nowhere", "show")).isEqualTo(3);
    assertThat(complained())
        .isEqualTo("error: there is no context 'nowhere'\ntry: jangada context list\n");
  }

  @ParameterizedTest
  @CsvSource({
    "UNKNOWN_TOPIC, 3",
    "REQUEST_TIMED_OUT, 5",
    "UNAVAILABLE, 5",
    "TOPIC_ALREADY_EXISTS, 1",
    "UNSAFE, 4",
    "BUG, 1",
    "PIPE, 0"
  })
  void exitCodesTellWhatKindOfFailureItWas(String with, int exitCode) {
    assertThat(run("break", "--with", with)).isEqualTo(exitCode);
  }

  @Test
  void anErrorIsTwoLinesAndAStackTraceOnlyWithV() {
    run("break", "--with", "TOPIC_ALREADY_EXISTS");
    assertThat(complained()).isEqualTo("error: expected X, but Y\ntry: do Z\n");
    err.reset();
    run("break", "--with", "BUG");
    assertThat(complained().lines()).hasSize(2);
    run("break", "--with", "BUG", "-v");
    assertThat(complained()).contains("\tat io.jangada.launcher.LauncherTest");
  }

  @Test
  void anErrorInJsonKeepsItsContract() throws Exception {
    assertThat(run("-o", "json", "break", "--with", "REQUEST_TIMED_OUT")).isEqualTo(5);
    assertThat(printed()).isEmpty();
    JsonNode error = new ObjectMapper().readTree(complained()).get("error");
    assertThat(error.get("code").asText()).isEqualTo("REQUEST_TIMED_OUT");
    assertThat(error.get("message").asText()).isEqualTo("expected X, but Y");
    assertThat(error.get("hint").asText()).isEqualTo("do Z");
    assertThat(error.get("definite").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "'', expected a command",
    "nonsense, knows no",
    "shwo, 'try: jangada show, or jangada --help'",
    "show --nonsense, knows no",
    "break, Missing required option",
    "show --timeout soon, expected a duration"
  })
  void aWrongCommandLineIsUsage(String arguments, String message) {
    assertThat(run(arguments.isEmpty() ? new String[0] : arguments.split(" "))).isEqualTo(2);
    assertThat(complained()).contains(message).contains("--help");
    assertThat(complained().lines()).hasSize(2);
  }

  @Test
  void aWrongCommandLineIsReportedInJsonToo() throws Exception {
    assertThat(run("show", "--nonsense", "-o", "json")).isEqualTo(2);
    JsonNode error = new ObjectMapper().readTree(complained()).get("error");
    assertThat(error.get("code").asText()).isEqualTo("USAGE");
    assertThat(error.get("hint").asText()).isEqualTo("jangada show --help");
  }

  @Test
  void helpNamesAllCommandsAndTheExitCodes() {
    assertThat(run("--help")).isZero();
    assertThat(printed()).contains("show", "break", "Exit codes", "--bootstrap");
  }

  @Test
  void shellsCompleteAllCommands() {
    assertThat(run("completion", "bash")).isZero();
    assertThat(printed()).contains("complete -F _complete_jangada", "--with");
    out.reset();
    assertThat(run("completion", "fish")).isZero();
    assertThat(printed())
        .contains("complete -c jangada -f -n '__jangada_at' -a break", "-l with -r -d ''");
    assertThat(run("completion", "tcsh")).isEqualTo(ExitCode.USAGE.number());
  }
}
