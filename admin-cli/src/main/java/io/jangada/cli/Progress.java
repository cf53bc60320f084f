// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.launcher.Stdio;
import java.util.Locale;

/**
 * How far a long command has come, in one line of the terminal that is rewritten. Silent in the
 * first second, and where standard error is no terminal. Not thread-safe.
 */
public final class Progress {
  private static final long SILENT_NANOS = 1_000_000_000L;
  private static final long INTERVAL_NANOS = 200_000_000L;
  private static final String CLEAR_LINE = "\r\u001b[K";
  private static final double BYTES_PER_MB = 1e6;

  private final Stdio stdio;
  private final boolean wanted;
  private final long startNanos;
  private long nextNanos;
  private boolean shown;

  /**
   * Starts the clock.
   *
   * @param wanted false where the command's output is on the same terminal
   */
  public Progress(Stdio stdio, boolean wanted) {
    this.stdio = stdio;
    this.wanted = wanted && stdio.errIsTerminal();
    this.startNanos = System.nanoTime();
    this.nextNanos = startNanos + SILENT_NANOS;
  }

  /** Whether {@link #update} would print; cheap enough to be asked for every record. */
  public boolean due() {
    return wanted && System.nanoTime() >= nextNanos;
  }

  /** Tells how far it is, if that is due. */
  public void update(long records, long bytes) {
    if (!due()) {
      return;
    }
    nextNanos = System.nanoTime() + INTERVAL_NANOS;
    shown = true;
    stdio.err().print(CLEAR_LINE + summary(records, bytes));
    stdio.err().flush();
  }

  /** Removes the line. */
  public void clear() {
    if (shown) {
      stdio.err().print(CLEAR_LINE);
      stdio.err().flush();
      shown = false;
    }
  }

  /** Milliseconds since the start. */
  public long elapsedMs() {
    return (System.nanoTime() - startNanos) / 1_000_000;
  }

  /** So many records and bytes in the time that has passed. */
  public String summary(long records, long bytes) {
    double seconds = Math.max(1, elapsedMs()) / 1e3;
    return String.format(
        Locale.ROOT,
        "%,d records, %.1f MB in %.1f s (%.1f MB/s)",
        records,
        bytes / BYTES_PER_MB,
        seconds,
        bytes / BYTES_PER_MB / seconds);
  }
}
