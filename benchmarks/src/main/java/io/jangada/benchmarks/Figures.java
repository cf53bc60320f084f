// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Prints what was measured: a line for each measure, with its rounds in their order. */
final class Figures {
  private final PrintStream out;

  Figures(PrintStream out) {
    this.out = out;
    line("MEASURE", "ROUNDS");
  }

  /** One figure. */
  void one(String measure, String unit, double value) {
    line(measure, text(value) + " " + unit);
  }

  /** Rounds that are alike, with their median. */
  void rounds(String measure, String unit, List<Double> rounds) {
    afterWarmUp(measure, unit, rounds, 0);
  }

  /** Rounds of which the first ones have a cold JVM; the median is of the others. */
  void afterWarmUp(String measure, String unit, List<Double> rounds, int warmUp) {
    double[] counted = rounds.stream().skip(warmUp).mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(counted);
    line(
        measure,
        String.format(
            Locale.ROOT,
            "%s %s   (median%s %s)",
            rounds.stream().map(Figures::text).collect(Collectors.joining(", ")),
            unit,
            warmUp == 0 ? "" : " from round " + (warmUp + 1),
            text(counted[counted.length / 2])));
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
  }

  private void line(String measure, String figures) {
    out.println(String.format(Locale.ROOT, "%-66s %s", measure, figures));
  }
}
