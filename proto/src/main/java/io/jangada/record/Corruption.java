// SPDX-License-Identifier: Apache-2.0
package io.jangada.record;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import org.jspecify.annotations.Nullable;

/** Makes the one exception that damaged records are reported with. */
final class Corruption {
  private static final String HINT =
      "send the batch again; if it persists, the sender or the network damages data";

  private Corruption() {}

  static JangadaException of(String expected, String but) {
    return of(expected, but, null);
  }

  static JangadaException of(String expected, String but, @Nullable Throwable cause) {
    return new JangadaException(
        ErrorCode.CORRUPT_MESSAGE,
        "expected " + expected + " in a record batch, but " + but,
        HINT,
        true,
        cause);
  }
}
