// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.log;

/**
 * What opening a log found.
 *
 * @param scannedBytes bytes whose checksums were computed
 * @param truncatedBytes bytes of a torn tail that were cut away
 * @param reason why the tail was torn; empty if it was not
 */
public record RecoveryReport(long scannedBytes, long truncatedBytes, String reason) {
  /** True if a torn tail was cut away. */
  public boolean truncated() {
    return truncatedBytes > 0;
  }
}
