// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

/**
 * How much room the disk of the controller's metadata has.
 *
 * @param usableBytes as last seen
 * @param reserveBytes what is kept for changes that must go on
 */
public record MetadataRoom(long usableBytes, long reserveBytes) {
  /** Room without end. */
  public static final MetadataRoom AMPLE = new MetadataRoom(Long.MAX_VALUE, 0);

  /** Whether nothing may be added. */
  public boolean scarce() {
    return usableBytes < reserveBytes;
  }
}
