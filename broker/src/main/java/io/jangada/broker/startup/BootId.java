// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The id of the machine's boot. If it has not changed, only the process died and what it had
 * written is still in the page cache.
 */
final class BootId {
  private static final Logger LOG = LoggerFactory.getLogger(BootId.class);

  /** Takes the kernel's place in tests that cut the power without booting a machine. */
  static final String TEST_PROPERTY = "jangada.test.boot-id";

  private static final Path KERNEL = Path.of("/proc/sys/kernel/random/boot_id");

  private BootId() {}

  /**
   * The kernel's boot id; where there is none, a new id, so that every start counts as a reboot.
   */
  static UUID read() {
    String given = System.getProperty(TEST_PROPERTY, "");
    if (!given.isEmpty()) {
      LOG.warn("The boot id is the one of a test, from the system property {}", TEST_PROPERTY);
      return UUID.fromString(given);
    }
    return read(KERNEL);
  }

  static UUID read(Path source) {
    try {
      return UUID.fromString(Files.readString(source).strip());
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn(
          "No boot id at {} ({}): every start counts as one after a reboot", source, e.toString());
      return UUID.randomUUID();
    }
  }
}
