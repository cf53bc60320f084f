// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineReaderTest {
  /** Hands out so many bytes at a time, as a pipe may. */
  private static InputStream chopped(String text, int chunk) {
    return new FilterInputStream(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1))) {
      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        return super.read(buffer, offset, Math.min(length, chunk));
      }
    };
  }

  private static List<String> lines(InputStream in) throws IOException {
    LineReader reader = new LineReader(in, 1000);
    List<String> lines = new ArrayList<>();
    for (byte[] line = reader.next(); line != null; line = reader.next()) {
      lines.add(new String(line, StandardCharsets.ISO_8859_1));
    }
    return lines;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1000})
  void keepsEveryByteWhateverTheChunks(int chunk) throws IOException {
    assertThat(lines(chopped("one\n\n two\r\n\u00ff\u0000x\nlast", chunk)))
        .containsExactly("one", "", " two\r", "\u00ff\u0000x", "last");
    assertThat(lines(chopped("one\n", chunk))).containsExactly("one");
    assertThat(lines(chopped("\n", chunk))).containsExactly("");
    assertThat(lines(chopped("", chunk))).isEmpty();
  }

  /** Bytes one off, and with the highest bit: what a search of eight bytes at once may confuse. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 64})
  void findsNewlinesAtEveryDistanceAmongBytesLikeThem(int chunk) throws IOException {
    StringBuilder text = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (int length = 0; length < 40; length++) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < length; i++) {
        line.append("\u000b\t\u008a\u0000\u00ff\u000b\u008b".charAt((length + i) % 7));
      }
      expected.add(line.toString());
      text.append(line).append('\n');
    }
    assertThat(lines(chopped(text.toString(), chunk))).isEqualTo(expected);
  }

  @Test
  void refusesALineThatIsTooLong() {
    LineReader reader = new LineReader(chopped("ok\n" + "x".repeat(11), 4), 10);
    assertThatThrownBy(
            () -> {
              reader.next();
              reader.next();
            })
        .hasMessage("expected lines of at most 10 bytes, but line 2 is longer");
  }
}
