// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.directory;

import java.io.IOException;

/** Recognises a full disk, for which the JDK has no exception of its own. */
final class FullDisk {
  private FullDisk() {}

  /** Whether the call failed for want of room, and may be tried again. */
  static boolean is(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("No space left on device") || message.contains("quota exceeded");
  }
}
