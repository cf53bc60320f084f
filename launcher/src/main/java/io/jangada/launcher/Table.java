// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Columns of text, aligned by their widest cell; a column that only holds numbers is aligned to the
 * right. Not thread-safe.
 */
public final class Table {
  private static final String GAP = "  ";
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();

  /** A table without rows. */
  public Table(String... headings) {
    this.headings = List.of(headings);
  }

  /**
   * Adds a row; values are shown with {@code toString}.
   *
   * @throws IllegalArgumentException unless there is one value for each heading
   */
  public Table row(Object... values) {
    if (values.length != headings.size()) {
      throw new IllegalArgumentException(
          "expected " + headings.size() + " cells, but got " + values.length);
    }
    List<String> cells = new ArrayList<>(values.length);
    for (Object value : values) {
      cells.add(String.valueOf(value));
    }
    rows.add(List.copyOf(cells));
    return this;
  }

  /** The lines of the table, each ended by a newline, without blanks at the end of a line. */
  public String render() {
    int columns = headings.size();
    int[] widths = new int[columns];
    boolean[] numeric = new boolean[columns];
    for (int column = 0; column < columns; column++) {
      widths[column] = width(headings.get(column));
      boolean allNumbers = true;
      boolean anyNumber = false;
      for (List<String> row : rows) {
        String cell = row.get(column);
        widths[column] = Math.max(widths[column], width(cell));
        allNumbers &= isNumber(cell);
        anyNumber |= NUMBER.matcher(cell).matches();
      }
      numeric[column] = allNumbers && anyNumber;
    }
    StringBuilder out = new StringBuilder();
    renderRow(headings, widths, numeric, out);
    for (List<String> row : rows) {
      renderRow(row, widths, numeric, out);
    }
    return out.toString();
  }

  private static void renderRow(
      List<String> cells, int[] widths, boolean[] numeric, StringBuilder out) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < cells.size(); column++) {
      String cell = cells.get(column);
      String padding = " ".repeat(widths[column] - width(cell));
      line.append(column == 0 ? "" : GAP);
      line.append(numeric[column] ? padding + cell : cell + padding);
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }

  /** A dash stands for a number that is not known. */
  private static boolean isNumber(String cell) {
    return cell.equals("-") || NUMBER.matcher(cell).matches();
  }
}
