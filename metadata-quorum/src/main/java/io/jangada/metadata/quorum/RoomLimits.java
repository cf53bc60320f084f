// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.quorum;

/**
 * The room that the disk of the quorum's directory must have.
 *
 * @param minUsableBytes below it requests that add to the metadata are refused
 * @param reserveFileBytes set aside in a file, for what must be written without other room
 */
public record RoomLimits(long minUsableBytes, long reserveFileBytes) {
  /** What a node uses. */
  public static RoomLimits defaults() {
    return new RoomLimits(64 << 20, 16 << 20);
  }
}
