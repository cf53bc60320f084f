// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.time.Duration;

/** Range checks of configuration records. */
final class Checks {
  private Checks() {}

  static void positive(String name, Duration value) {
    require(!value.isNegative() && !value.isZero(), name, "more than zero", value);
  }

  static void notNegative(String name, Duration value) {
    require(!value.isNegative(), name, "zero or more", value);
  }

  static void positive(String name, long value) {
    require(value > 0, name, "more than zero", value);
  }

  static void between(String name, long value, long min, long max) {
    require(value >= min && value <= max, name, "between " + min + " and " + max, value);
  }

  private static void require(boolean ok, String name, String expected, Object value) {
    if (!ok) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected " + name + " to be " + expected + ", but it is " + value,
          "change " + name);
    }
  }
}
