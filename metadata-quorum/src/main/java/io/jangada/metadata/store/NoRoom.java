// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.LmdbNativeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a disk without room from one that fails. */
final class NoRoom {
  private static final Logger LOG = LoggerFactory.getLogger(NoRoom.class);

  /** The error numbers of Linux. */
  private static final int EIO = 5;

  private static final int ENOSPC = 28;
  private static final int EDQUOT = 122;

  /** More than what LMDB writes with one call. */
  private static final long LITTLE_BYTES = 16 << 20;

  private NoRoom() {}

  /** Whether LMDB could not write to the file for want of room only. */
  static boolean isCauseOf(@Nullable Throwable error, Path file) {
    if (!(error instanceof LmdbNativeException lmdb)) {
      return false;
    }
    int code = lmdb.getResultCode();
    // Where only a part of a write fits, LMDB says EIO.
    return code == ENOSPC || code == EDQUOT || (code == EIO && nearlyFull(file));
  }

  private static boolean nearlyFull(Path file) {
    try {
      return Files.getFileStore(file).getUsableSpace() < LITTLE_BYTES;
    } catch (IOException e) {
      LOG.warn("{}: how much room is left is not known, taking the error as one", file, e);
      return false;
    }
  }
}
