// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

/** How answers are printed: the values of {@code -o}. */
public enum OutputFormat {
  /** Aligned columns, the ones that matter. */
  TABLE,
  /** Aligned columns, all of them. */
  WIDE,
  /** The JSON contract; errors too, on standard error. */
  JSON,
  /** The same as {@link #JSON} in YAML. */
  YAML;

  /** Whether a program reads it. */
  public boolean structured() {
    return this == JSON || this == YAML;
  }
}
