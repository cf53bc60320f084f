// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.ecosystem;

import java.util.List;
import java.util.Locale;

/**
 * Compares a file that Connect's file sink has written with the one that its source has read. Lines
 * begin with their numbers. After a kill, both sink and source go on where they had committed last:
 * then lines come again, from an earlier one on, and the last line before may be torn. What is
 * there besides, and what is missing, is a difference. Pure.
 */
final class MovedLines {
  private static final int NUMBER_DIGITS = 7;

  /**
   * What came of it.
   *
   * @param distinct lines of the source that are there
   * @param again lines that came once more
   * @param rewinds how often an earlier line came after a later one
   * @param torn lines without their ends, which came whole afterwards
   * @param difference the first that is not as it has to be; empty if there is none
   */
  record Comparison(int distinct, int again, int rewinds, int torn, String difference) {}

  private MovedLines() {}

  /** The line of that number, from 0. */
  static String numbered(int number, String text) {
    return String.format(Locale.ROOT, "%0" + NUMBER_DIGITS + "d %s", number, text);
  }

  static Comparison compare(List<String> source, List<String> sink) {
    int next = 0;
    int distinct = 0;
    int again = 0;
    int rewinds = 0;
    int torn = 0;
    for (String line : sink) {
      int number = number(source, line);
      if (number < 0) {
        // A torn line, and behind it on the same line the first that came again.
        number = behindTorn(source, next, line);
        if (number < 0) {
          return new Comparison(
              distinct, again, rewinds, torn, "expected " + source.get(next) + ", but got " + line);
        }
        torn++;
      }
      if (number > next) {
        return new Comparison(
            distinct, again, rewinds, torn, "line " + number + " comes where " + next + " has to");
      }
      rewinds += number < next ? 1 : 0;
      if (number < distinct) {
        again++;
      } else {
        distinct++;
      }
      next = number + 1;
    }
    return new Comparison(
        distinct,
        again,
        rewinds,
        torn,
        distinct == source.size() ? "" : distinct + " of " + source.size() + " lines are there");
  }

  /** Which line of the source it is, or -1. */
  private static int number(List<String> source, String line) {
    if (line.length() <= NUMBER_DIGITS) {
      return -1;
    }
    try {
      int number = Integer.parseInt(line.substring(0, NUMBER_DIGITS));
      return number >= 0 && number < source.size() && source.get(number).equals(line) ? number : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static int behindTorn(List<String> source, int next, String line) {
    String torn = next < source.size() ? source.get(next) : "";
    for (int length = 1; length < line.length(); length++) {
      int number = number(source, line.substring(length));
      if (number >= 0 && torn.startsWith(line.substring(0, length))) {
        return number;
      }
    }
    return -1;
  }
}
