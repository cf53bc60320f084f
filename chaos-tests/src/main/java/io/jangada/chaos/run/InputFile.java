// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.run;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file as records: each line is one, and what stands before its first tab, comma or blank is its
 * key, be it a package, a host, a date or the first column. Reads one line at a time.
 */
final class InputFile implements Closeable {
  private static final int MAX_LINE_BYTES = 1_000_000;

  private final InputStream in;
  private long index;

  InputFile(Path file) throws IOException {
    in = new BufferedInputStream(Files.newInputStream(file), 1 << 18);
  }

  /** One line of the file. */
  static final class Line {
    private final long index;
    private final byte[] key;
    private final byte[] value;

    private Line(long index, byte[] value) {
      this.index = index;
      this.value = value;
      this.key = Arrays.copyOf(value, keyLength(value));
    }

    /** Its number, from 0. */
    long index() {
      return index;
    }

    /** Its key; empty where the line begins with a separator. */
    byte[] key() {
      return key;
    }

    /** The whole line without its newline. */
    byte[] value() {
      return value;
    }

    private static int keyLength(byte[] value) {
      for (int i = 0; i < value.length; i++) {
        if (value[i] == '\t' || value[i] == ',' || value[i] == ' ') {
          return i;
        }
      }
      return value.length;
    }
  }

  /**
   * The next line, or null at the end.
   *
   * @throws IOException if it cannot be read, or a line is longer than a record may be
   */
  @Nullable Line next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    int b = in.read();
    if (b < 0) {
      return null;
    }
    while (b >= 0 && b != '\n') {
      line.write(b);
      if (line.size() > MAX_LINE_BYTES) {
        throw new IOException(
            "expected lines of at most "
                + MAX_LINE_BYTES
                + " bytes, but line "
                + (index + 1)
                + " is longer");
      }
      b = in.read();
    }
    return new Line(index++, line.toByteArray());
  }

  /** What a line is compared by after its way through the cluster. */
  static int checksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    return (int) checksum.getValue();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
