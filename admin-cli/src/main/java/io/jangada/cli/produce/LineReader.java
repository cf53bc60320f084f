// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.produce;

import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Splits a stream of bytes at newlines. The bytes stay as they are, carriage returns too; what
 * stands behind the last newline is a line unless it is empty. Holds one line and one buffer in
 * memory. Not thread-safe.
 */
final class LineReader {
  private static final int BUFFER_BYTES = 256 * 1024;
  private static final byte[] NOTHING = new byte[0];

  private static final long NEWLINES = 0x0a0a0a0a0a0a0a0aL;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private final InputStream in;
  private final int maxLineBytes;
  private final byte[] buffer = new byte[BUFFER_BYTES];

  /** The same, to look at eight bytes at once. */
  private final ByteBuffer words = ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN);

  private int position;
  private int limit;
  private long lines;

  LineReader(InputStream in, int maxLineBytes) {
    this.in = in;
    this.maxLineBytes = maxLineBytes;
  }

  /** How many lines were read so far: the number of the last one, from 1. */
  long lineNumber() {
    return lines;
  }

  /**
   * The next line without its newline, or null at the end. Blocks for input.
   *
   * @throws CommandException if the line is longer than a record may be
   */
  byte @Nullable [] next() throws IOException {
    byte[] line = NOTHING;
    boolean begun = false;
    while (true) {
      if (position == limit && !fill()) {
        return begun ? finish(line) : null;
      }
      begun = true;
      int newline = indexOfNewline();
      int end = newline < 0 ? limit : newline;
      line = append(line, position, end);
      position = newline < 0 ? limit : newline + 1;
      if (newline >= 0) {
        return finish(line);
      }
    }
  }

  private byte[] finish(byte[] line) {
    lines++;
    return line;
  }

  private boolean fill() throws IOException {
    int read = in.read(buffer, 0, buffer.length);
    position = 0;
    limit = Math.max(read, 0);
    return read > 0;
  }

  private int indexOfNewline() {
    int i = position;
    while (i <= limit - Long.BYTES) {
      // What is a newline becomes zero, and a zero is what borrows: the lowest one found is true.
      long others = words.getLong(i) ^ NEWLINES;
      long zeros = (others - ONES) & ~others & HIGH_BITS;
      if (zeros != 0) {
        return i + (Long.numberOfTrailingZeros(zeros) >>> 3);
      }
      i += Long.BYTES;
    }
    for (; i < limit; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private byte[] append(byte[] line, int from, int to) {
    if (line.length + to - from > maxLineBytes) {
      throw new CommandException(
          ExitCode.FAILED,
          "expected lines of at most "
              + maxLineBytes
              + " bytes, but line "
              + (lines + 1)
              + " is longer",
          "split the input: a record is at most that long");
    }
    if (line.length == 0) {
      return Arrays.copyOfRange(buffer, from, to);
    }
    byte[] longer = Arrays.copyOf(line, line.length + to - from);
    System.arraycopy(buffer, from, longer, line.length, to - from);
    return longer;
  }
}
