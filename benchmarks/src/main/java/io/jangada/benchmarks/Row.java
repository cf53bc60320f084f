// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

/** Something to be measured, with a cluster of its own. */
@FunctionalInterface
interface Row {
  /** Measures and prints. */
  void measure(Figures figures) throws Exception;
}
