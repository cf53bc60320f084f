// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the files of a segment are called: by the offset of its first batch, and, where compaction
 * has written it anew, by how often: {@code 00000000000000000042.log}, {@code
 * 00000000000000000042-1.log}.
 */
final class SegmentNames {
  private static final String SUFFIX = ".log";
  private static final String INDEX_SUFFIX = ".index";
  private static final String GENERATION_MARK = "-";
  private static final int OFFSET_DIGITS = 20;

  private SegmentNames() {}

  /** What a file's name says. */
  record Name(long baseOffset, int generation) {}

  static String file(long baseOffset, int generation) {
    return stem(baseOffset, generation) + SUFFIX;
  }

  static String index(long baseOffset, int generation) {
    return stem(baseOffset, generation) + INDEX_SUFFIX;
  }

  private static String stem(long baseOffset, int generation) {
    String digits = Long.toString(baseOffset);
    String padded = "0".repeat(OFFSET_DIGITS - digits.length()) + digits;
    return generation == 0 ? padded : padded + GENERATION_MARK + generation;
  }

  /** What the name of a segment's file says, or null if the name is not one. */
  static @Nullable Name parse(Path path) {
    String file = String.valueOf(path.getFileName());
    if (file.length() < OFFSET_DIGITS + SUFFIX.length() || !file.endsWith(SUFFIX)) {
      return null;
    }
    String rest = file.substring(OFFSET_DIGITS, file.length() - SUFFIX.length());
    try {
      long baseOffset = Long.parseLong(file.substring(0, OFFSET_DIGITS));
      int generation = rest.isEmpty() ? 0 : Integer.parseInt(rest.substring(1));
      // What would be written otherwise is another file.
      return baseOffset >= 0 && generation >= 0 && file.equals(file(baseOffset, generation))
          ? new Name(baseOffset, generation)
          : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
