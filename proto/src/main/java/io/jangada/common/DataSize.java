// SPDX-License-Identifier: Apache-2.0
package io.jangada.common;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of data, such as {@code 512MiB}. Binary units (KiB, MiB, GiB, TiB) count in 1024,
 * decimal ones (KB, MB, GB, TB) in 1000; a bare number is refused, because nobody remembers of
 * what.
 *
 * @param bytes the amount, at least 0
 */
public record DataSize(long bytes) implements Comparable<DataSize> {
  private static final Pattern SYNTAX = Pattern.compile("(\\d{1,18})\\s*([a-zA-Z]+)");

  private enum Unit {
    B(1L),
    KB(1_000L),
    KIB(1L << 10),
    MB(1_000_000L),
    MIB(1L << 20),
    GB(1_000_000_000L),
    GIB(1L << 30),
    TB(1_000_000_000_000L),
    TIB(1L << 40);

    private final long bytes;

    Unit(long bytes) {
      this.bytes = bytes;
    }
  }

  public DataSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("expected bytes >= 0, but got " + bytes);
    }
  }

  /** That many KiB. */
  public static DataSize ofKibibytes(long count) {
    return new DataSize(Math.multiplyExact(count, Unit.KIB.bytes));
  }

  /** That many MiB. */
  public static DataSize ofMebibytes(long count) {
    return new DataSize(Math.multiplyExact(count, Unit.MIB.bytes));
  }

  /**
   * Reads {@code 512MiB}, {@code 10 KB}, {@code 100B}; units in any case.
   *
   * @throws IllegalArgumentException if it is none, or over 2^63-1 bytes
   */
  public static DataSize parse(String text) {
    Matcher matcher = SYNTAX.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a data size: " + text);
    }
    Unit unit = Unit.valueOf(matcher.group(2).toUpperCase(Locale.ROOT));
    try {
      return new DataSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), unit.bytes));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("too large: " + text, e);
    }
  }

  /** The amount as an int, for buffers and frames. */
  public int toIntBytes() {
    return Math.toIntExact(bytes);
  }

  @Override
  public int compareTo(DataSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /** The shortest exact form in binary units; {@link #parse} reads it back. */
  @Override
  public String toString() {
    if (bytes != 0 && bytes % Unit.TIB.bytes == 0) {
      return bytes / Unit.TIB.bytes + "TiB";
    }
    if (bytes != 0 && bytes % Unit.GIB.bytes == 0) {
      return bytes / Unit.GIB.bytes + "GiB";
    }
    if (bytes != 0 && bytes % Unit.MIB.bytes == 0) {
      return bytes / Unit.MIB.bytes + "MiB";
    }
    if (bytes != 0 && bytes % Unit.KIB.bytes == 0) {
      return bytes / Unit.KIB.bytes + "KiB";
    }
    return bytes + "B";
  }
}
