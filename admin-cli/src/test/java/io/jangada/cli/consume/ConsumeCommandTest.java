// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.cli.CommandHarness;
import io.jangada.cli.FakeClient;
import io.jangada.cli.FakeLog;
import io.jangada.client.ProducerConfig;
import io.jangada.client.ProducerRecord;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.launcher.OutputFormat;
import io.jangada.record.RecordHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ConsumeCommandTest {
  private final CommandHarness harness = new CommandHarness();
  private final FakeLog log = new FakeLog();

  @BeforeEach
  void fill() {
    for (int i = 0; i < 5; i++) {
      send(0, i, "k" + i, ("v" + i).getBytes(StandardCharsets.UTF_8));
    }
    send(1, 3, null, null);
    send(1, 4, "k", new byte[] {(byte) 0xff});
  }

  private void send(int partition, int second, @Nullable String key, byte @Nullable [] value) {
    List<RecordHeader> headers =
        second == 3
            ? List.of(RecordHeader.ofUtf8("a", "1"), new RecordHeader("b", (ByteBuffer) null))
            : List.of();
    new FakeClient(log)
        .producer(ProducerConfig.defaults())
        .send(
            new ProducerRecord(
                FakeLog.TOPIC,
                partition,
                FakeLog.TIME_MS + second * 1000L,
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                value,
                headers))
        .join();
  }

  private String consume(OutputFormat format, String... options) throws IOException {
    ConsumeCommand command = new ConsumeCommand(harness.invocation(format, ""));
    new CommandLine(command).parseArgs(options);
    command.run(new FakeClient(log));
    return harness.out();
  }

  private String consume(String... options) throws IOException {
    return consume(OutputFormat.TABLE, options);
  }

  @Test
  void printsValuesInLinesAsItPipes() throws IOException {
    assertThat(consume("logs", "-e", "-p", "0")).isEqualTo("v0\nv1\nv2\nv3\nv4\n");
  }

  @ParameterizedTest
  @CsvSource({
    "beginning, v0v1v2v3v4",
    "end, ''",
    "2, v2v3v4",
    "-2, v3v4",
    "-99, v0v1v2v3v4",
    "2026-01-01T00:00:03Z, v3v4",
    "2026-01-01T01:00:03+01:00, v3v4",
    "2026-01-01, v0v1v2v3v4",
    "2026-01-02, ''",
    "@1767225604000, v4"
  })
  void startsWhereItIsTold(String from, String values) throws IOException {
    assertThat(consume("logs", "-e", "-p", "0", "-f", "%v", "--from", from)).isEqualTo(values);
  }

  @Test
  void stopsAfterSoMany() throws IOException {
    assertThat(consume("logs", "-n", "2", "-p", "0")).isEqualTo("v0\nv1\n");
  }

  @Test
  void printsAllThatAFormatCanSay() throws IOException {
    assertThat(
            consume(
                "logs",
                "-n",
                "1",
                "--from",
                "3",
                "-p",
                "0",
                "-f",
                "%t-%p %o|%k|%v|%h|%T|%d%%\\t\\\\\\n"))
        .isEqualTo("logs-0 3|k3|v3|a=1,b=|1767225603000|2026-01-01T00:00:03Z%\t\\\n");
  }

  @Test
  void whatIsNotThereIsEmptyAndBytesStayBytes() throws IOException {
    assertThat(consume("logs", "-e", "-p", "1", "-n", "1", "-f", "[%k|%v]")).isEqualTo("[|]");
  }

  @ParameterizedTest
  @CsvSource({"%x", "%", "\\q", "abc\\"})
  void anUnknownEscapeIsUsage(String format) {
    assertThatThrownBy(() -> consume("logs", "-e", "-f", format))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("in a format, but got");
  }

  @Test
  void anUnknownPlaceToStartIsUsage() {
    assertThatThrownBy(() -> consume("logs", "--from", "yesterday"))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("but got 'yesterday'");
  }

  @Test
  void jsonLinesAreTheContract() throws IOException {
    assertThat(consume(OutputFormat.JSON, "logs", "-e", "--from", "0", "-p", "1"))
        .isEqualTo(
            """
            {"topic":"logs","partition":1,"offset":0,"timestamp":1767225603000,"key":null,\
            "value":null,"headers":[{"key":"a","value":"1"},{"key":"b","value":null}]}
            {"topic":"logs","partition":1,"offset":1,"timestamp":1767225604000,"key":"k",\
            "value":"/w==","valueEncoding":"base64","headers":[]}
            """);
  }

  @Test
  void unknownTopicsAndPartitionsAreNotFound() {
    assertThatThrownBy(() -> consume("nope", "-e"))
        .isInstanceOfSatisfying(
            JangadaException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_TOPIC));
    assertThatThrownBy(() -> consume("logs", "-p", "2"))
        .hasMessage("expected a partition of logs from 0 to 1, but got 2");
  }
}
