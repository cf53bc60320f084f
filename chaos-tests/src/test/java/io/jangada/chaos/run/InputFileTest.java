// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFileTest {
  @TempDir Path directory;

  private List<String> read(String content) throws IOException {
    Path file = directory.resolve("input");
    Files.writeString(file, content, StandardCharsets.ISO_8859_1);
    List<String> lines = new ArrayList<>();
    try (InputFile input = new InputFile(file)) {
      for (InputFile.Line line = input.next(); line != null; line = input.next()) {
        lines.add(
            line.index()
                + "|"
                + new String(line.key(), StandardCharsets.ISO_8859_1)
                + "|"
                + new String(line.value(), StandardCharsets.ISO_8859_1));
      }
    }
    return lines;
  }

  @Test
  void everyLineIsARecordWithTheKeyInFront() throws IOException {
    assertThat(read("bash\tA shell\n\na,b,c\n \u00ffx\nword"))
        .containsExactly("0|bash|bash\tA shell", "1||", "2|a|a,b,c", "3|| \u00ffx", "4|word|word");
  }

  @Test
  void aLineThatNoRecordHoldsIsRefused() {
    assertThatThrownBy(() -> read("ok\n" + "x".repeat(1_000_001)))
        .hasMessage("expected lines of at most 1000000 bytes, but line 2 is longer");
  }
}
