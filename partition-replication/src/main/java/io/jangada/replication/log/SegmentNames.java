// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import java.nio.file.Path;

/** How the files of a segment are called: by the offset of its first batch. */
final class SegmentNames {
  private static final String SUFFIX = ".log";
  private static final String INDEX_SUFFIX = ".index";
  private static final int OFFSET_DIGITS = 20;

  private SegmentNames() {}

  static String file(long baseOffset) {
    return digits(baseOffset) + SUFFIX;
  }

  static String index(long baseOffset) {
    return digits(baseOffset) + INDEX_SUFFIX;
  }

  private static String digits(long baseOffset) {
    String digits = Long.toString(baseOffset);
    return "0".repeat(OFFSET_DIGITS - digits.length()) + digits;
  }

  /** The base offset in a segment's file name, or -1 if the name is not one. */
  static long baseOffsetOf(Path path) {
    String name = String.valueOf(path.getFileName());
    if (name.length() != OFFSET_DIGITS + SUFFIX.length() || !name.endsWith(SUFFIX)) {
      return -1;
    }
    String digits = name.substring(0, OFFSET_DIGITS);
    if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
