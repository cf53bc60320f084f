// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.journal;

import java.io.IOException;

/** The disk refuses to read what it once took: damage, not an error of the reader. */
final class UnreadableException extends Exception {
  private static final long serialVersionUID = 1L;
  private final String place;
  private final String reason;

  UnreadableException(String place, IOException cause) {
    super(cause);
    this.place = place;
    this.reason = "it cannot be read: " + cause.getMessage();
  }

  String place() {
    return place;
  }

  String reason() {
    return reason;
  }
}
