// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.cli.CommandHarness;
import io.jangada.cli.FakeClient;
import io.jangada.cli.FakeLog;
import io.jangada.client.ConsumerRecord;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.OutputFormat;
import java.io.IOException;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ProduceCommandTest {
  private final CommandHarness harness = new CommandHarness();
  private final FakeLog log = new FakeLog();

  private void produce(OutputFormat format, boolean terminal, String input, String... options)
      throws IOException {
    Invocation invocation = harness.invocation(format, input, terminal);
    ProduceCommand command = new ProduceCommand(invocation);
    new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(options);
    command.run(new FakeClient(log), invocation.stdio().in());
  }

  private void produce(String input, String... options) throws IOException {
    produce(OutputFormat.TABLE, false, input, options);
  }

  @Test
  void everyLineIsARecordAndTheSummaryGoesToStandardError() throws IOException {
    produce("one\n\nthree", "logs");
    assertThat(log.records(0))
        .extracting(ConsumerRecord::valueUtf8)
        .containsExactly("one", "", "three");
    assertThat(log.records(0)).extracting(ConsumerRecord::keyUtf8).containsOnlyNulls();
    assertThat(harness.out()).isEmpty();
    assertThat(harness.err()).startsWith("acknowledged 3 records, 0.0 MB in ");
  }

  @Test
  void onATerminalItSaysWhereEachRecordWent() throws IOException {
    produce(OutputFormat.TABLE, true, "a\nb\n", "logs", "-p", "1");
    assertThat(harness.out()).isEqualTo("1 0 2026-01-01T00:00:00Z\n1 1 2026-01-01T00:00:00Z\n");
    assertThat(harness.err()).isEmpty();
  }

  @Test
  void inJsonTheSummaryIsAnObject() throws IOException {
    produce(OutputFormat.JSON, false, "a\nbc\n", "logs");
    assertThat(harness.out())
        .matches("\\{\"topic\":\"logs\",\"acknowledged\":2,\"bytes\":3,\"durationMs\":\\d+}\n");
  }

  @Test
  void keysAndHeaders() throws IOException {
    produce("v\n", "logs", "-k", "all", "-H", "a=1", "-H", "b=x=y");
    produce("k1::v1\nk2::\n::v3\n", "logs", "--key-separator", "::");
    produce("k4:\n", "logs", "--key-separator", ":", "--tombstones");
    assertThat(log.records(0))
        .extracting(ConsumerRecord::keyUtf8)
        .containsExactly("all", "k1", "k2", "", "k4");
    assertThat(log.records(0))
        .extracting(ConsumerRecord::valueUtf8)
        .containsExactly("v", "v1", "", "v3", null);
    assertThat(log.records(0).get(0).headers()).hasSize(2);
    assertThat(log.records(0).get(0).headers().get(1).key()).isEqualTo("b");
  }

  @Test
  void aLineWithoutItsSeparatorIsNamedAndWhatWasBeforeIsSent() {
    assertThatThrownBy(() -> produce("a:1\nb\nc:3\n", "logs", "--key-separator", ":"))
        .hasMessage("expected the key separator ':' in every line, but line 2 has none");
    assertThat(log.records(0)).hasSize(1);
  }

  @Test
  void jsonAsConsumePrintsIt() throws IOException {
    String binary = Base64.getEncoder().encodeToString(new byte[] {(byte) 0xff, 0});
    produce(
        """
        {"topic":"other","partition":1,"offset":7,"timestamp":5,"key":"k","value":"v","headers":[{"key":"h","value":null}]}

        {"value":null,"key":"gone","partition":1}
        {"value":"%s","valueEncoding":"base64","partition":1}
        {"value":{"a":[1]},"partition":1}
        """
            .formatted(binary),
        "logs",
        "--input",
        "json");
    ConsumerRecord first = log.records(1).get(0);
    assertThat(first.timestampMs()).isEqualTo(5);
    assertThat(first.keyUtf8()).isEqualTo("k");
    assertThat(first.headers().get(0).value()).isNull();
    assertThat(log.records(1).get(1).value()).isNull();
    assertThat(log.records(1).get(2).valueBytes()).isEqualTo(new byte[] {(byte) 0xff, 0});
    assertThat(log.records(1).get(3).valueUtf8()).isEqualTo("{\"a\":[1]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "[1]",
        "{\"key\":\"k\"}",
        "{\"value\":1,\"vlaue\":2}",
        "{\"value\":\"!\",\"valueEncoding\":\"base64\"}",
        "{\"value\":\"!\",\"valueEncoding\":\"rot13\"}",
        "{\"value\":\"!\",\"headers\":[{}]}"
      })
  void malformedJsonIsNamedByItsLine(String line) {
    assertThatThrownBy(() -> produce("{\"value\":\"ok\"}\n" + line, "logs", "--input", "json"))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("in line 2: ");
  }

  @Test
  void rawIsOneRecord() throws IOException {
    produce("a\nb\n", "logs", "--input", "raw");
    assertThat(log.records(0)).extracting(ConsumerRecord::valueUtf8).containsExactly("a\nb\n");
    assertThatThrownBy(() -> produce("x".repeat(1024 * 1024 + 1), "logs", "--input", "raw"))
        .hasMessageContaining("expected at most 1048576 bytes");
  }

  @Test
  void aFailureSaysWhatWasAcknowledged() {
    log.refuseFrom(2);
    assertThatThrownBy(() -> produce("a\nb\nc\nd\n", "logs"))
        .hasMessage(
            "record 3 failed: no answer in 30 s; acknowledged are 2 of the 3 records sent, among"
                + " them the first 2")
        .isInstanceOfSatisfying(
            JangadaException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
              assertThat(e.definite()).isFalse();
            });
  }

  @Test
  void optionsThatDoNotGoTogetherAreUsage() {
    assertThatThrownBy(() -> produce("", "logs", "--tombstones"))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
    assertThatThrownBy(() -> produce("", "logs", "--key-separator", ":", "--input", "json"))
        .isInstanceOf(CommandException.class);
    assertThatThrownBy(() -> produce("", "logs", "-H", "novalue"))
        .isInstanceOf(CommandException.class);
    assertThatThrownBy(() -> produce("", "logs", "-k", "a", "--key-separator", ":"))
        .isInstanceOf(CommandLine.ParameterException.class);
  }
}
