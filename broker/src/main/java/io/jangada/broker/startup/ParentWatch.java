// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices the death of the process that started this one, however it died: the system closes the
 * pipe to standard input.
 */
public final class ParentWatch {
  private static final Logger LOG = LoggerFactory.getLogger(ParentWatch.class);

  private ParentWatch() {}

  /** Reads on a daemon thread; calls {@code onEnd} there once the stream ends or breaks. */
  public static void start(InputStream stream, Runnable onEnd) {
    Thread.ofPlatform()
        .daemon()
        .name("jangada-parent-watch")
        .start(() -> readUntilEnd(stream, onEnd));
  }

  private static void readUntilEnd(InputStream stream, Runnable onEnd) {
    byte[] ignored = new byte[64];
    try {
      int count = stream.read(ignored);
      while (count >= 0) {
        count = stream.read(ignored);
      }
    } catch (IOException e) {
      LOG.info("Standard input broke: {}", e.toString());
    }
    LOG.info("The process that started this one is gone");
    onEnd.run();
  }
}
