// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.network;

import java.util.Locale;

/** Why this side closes a connection. */
enum CloseReason {
  /** There are as many as there may be. */
  TOO_MANY,
  /** A frame that cannot be understood. */
  BAD_REQUEST,
  /** Nothing was asked for long. */
  IDLE,
  /** A request was begun and not finished. */
  HALF_A_REQUEST,
  /** Answers are not taken. */
  NOT_READING,
  /** A produce request without an answer failed: closing is the only way to tell. */
  UNANSWERED_FAILURE,
  /** An answer could not be written: a defect. */
  DEFECT,
  /** The broker stops. */
  SHUTTING_DOWN;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
