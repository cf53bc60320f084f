// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.JangadaException;
import org.jspecify.annotations.Nullable;

/**
 * Hears what became of one record: exactly one of the arguments is not null. Called once, on the
 * producer's sender thread (on the caller's where the record was refused at once), with no lock
 * held; in the order of sending for each partition, except around a batch that had to be sent again
 * or was given up. It must not block: nothing is sent meanwhile. What it throws is logged.
 */
@FunctionalInterface
public interface SendCallback {
  /** Nobody wants to know; {@code send} allocates nothing for the record besides its copy. */
  SendCallback IGNORE = (metadata, error) -> {};

  /**
   * Called once.
   *
   * @param metadata where it was written, or null
   * @param error why it was not, or may not have been ({@link JangadaException#definite}), or null
   */
  void completed(@Nullable RecordMetadata metadata, @Nullable JangadaException error);
}
