// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.JangadaException;
import org.jspecify.annotations.Nullable;

/**
 * What became of one item of a request: exactly one of value and error is there.
 *
 * @param name of the item
 * @param value what came out, or null
 * @param error why nothing did, or null
 * @param <T> of the value
 */
public record Outcome<T>(String name, @Nullable T value, @Nullable JangadaException error) {
  /** Whether there is a value. */
  public boolean succeeded() {
    return error == null;
  }

  /**
   * The value.
   *
   * @throws JangadaException the error
   */
  public T orThrow() {
    if (error != null) {
      throw error;
    }
    if (value == null) {
      throw new IllegalStateException("an outcome has a value or an error");
    }
    return value;
  }
}
