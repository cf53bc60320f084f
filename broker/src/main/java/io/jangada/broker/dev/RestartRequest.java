// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How another terminal asks the running {@code dev} to start a broker again: an empty file, which
 * {@code dev} looks for and removes. The broker must be dev's own child, or it would outlive it.
 */
public final class RestartRequest {
  private RestartRequest() {}

  /**
   * Asks; asking twice is asking once.
   *
   * @param deadPid the process to replace, so that a late request does not revive a later one
   */
  public static void make(Path directory, int id, long deadPid) throws IOException {
    Files.write(file(directory, id, deadPid), new byte[0], StandardOpenOption.CREATE);
  }

  /** Whether there was a request to replace that process; there is none afterwards. */
  static boolean take(Path directory, int id, long deadPid) throws IOException {
    return Files.deleteIfExists(file(directory, id, deadPid));
  }

  private static Path file(Path directory, int id, long deadPid) {
    return directory.resolve("restart-" + id + "-" + deadPid + ".request");
  }
}
