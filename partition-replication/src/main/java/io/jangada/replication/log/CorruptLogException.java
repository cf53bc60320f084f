// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

import java.io.IOException;

/**
 * Damage in a part of the log that had been made durable. Unlike a torn tail it is never cut away,
 * because acknowledged records would go with it.
 */
public final class CorruptLogException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With "expected X, but Y". */
  public CorruptLogException(String message) {
    super(message);
  }
}
