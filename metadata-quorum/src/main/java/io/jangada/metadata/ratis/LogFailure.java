// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.ratis;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;

/**
 * Why the log of a member can't grow, for people. Ratis does not take anything more after a write
 * that failed, so that the member has to end even if there is room again.
 */
final class LogFailure {
  private LogFailure() {}

  static JangadaException of(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    boolean full = String.valueOf(root.getMessage()).contains("No space left on device");
    return new JangadaException(
        full ? ErrorCode.DISK_FULL : ErrorCode.STORAGE_ERROR,
        "expected to write the metadata log, but " + root,
        full
            ? "make room on the disk of the quorum's directory and start this node again: nothing"
                + " that was committed is lost"
            : "check the disk of the quorum's directory before this node is started again",
        false,
        cause);
  }
}
