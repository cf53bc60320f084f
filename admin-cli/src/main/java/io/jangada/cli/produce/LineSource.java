// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.produce;

import io.jangada.client.ProducerRecord;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Every line is a record: a value, or a key and a value around a separator. */
final class LineSource implements RecordSource {
  private final LineReader lines;
  private final RecordTemplate template;
  private final byte[] separator;
  private final boolean tombstones;

  /**
   * Lines as records.
   *
   * @param separator what stands between key and value; empty: the line is the value
   * @param tombstones whether a line with nothing behind the separator deletes its key
   */
  LineSource(LineReader lines, RecordTemplate template, String separator, boolean tombstones) {
    this.lines = lines;
    this.template = template;
    this.separator = separator.getBytes(StandardCharsets.UTF_8);
    this.tombstones = tombstones;
  }

  @Override
  public @Nullable ProducerRecord next() throws IOException {
    byte[] line = lines.next();
    if (line == null) {
      return null;
    }
    if (separator.length == 0) {
      return template.record(null, line);
    }
    int at = indexOfSeparator(line);
    if (at < 0) {
      throw new CommandException(
          ExitCode.FAILED,
          "expected the key separator '"
              + new String(separator, StandardCharsets.UTF_8)
              + "' in every line, but line "
              + lines.lineNumber()
              + " has none",
          "repair the line, or choose another --key-separator");
    }
    byte[] key = Arrays.copyOf(line, at);
    byte[] value = Arrays.copyOfRange(line, at + separator.length, line.length);
    return template.record(key, tombstones && value.length == 0 ? null : value);
  }

  private int indexOfSeparator(byte[] line) {
    for (int i = 0; i + separator.length <= line.length; i++) {
      if (Arrays.equals(line, i, i + separator.length, separator, 0, separator.length)) {
        return i;
      }
    }
    return -1;
  }
}
