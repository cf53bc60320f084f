// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.store;

/**
 * Room on the disk set aside for what must still be written when there is no other. Thread-safe;
 * may block for the local disk.
 */
@FunctionalInterface
public interface Reserve {
  /** Nothing is set aside. */
  Reserve NONE = () -> false;

  /**
   * Gives a part of it back to the file system.
   *
   * @return false if nothing is left to give
   */
  boolean giveUp();
}
