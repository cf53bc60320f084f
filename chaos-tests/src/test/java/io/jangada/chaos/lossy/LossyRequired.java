// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.lossy;

import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** Skips, aloud, what needs the lossy file system where none can be mounted. */
public final class LossyRequired {
  private LossyRequired() {}

  /** Skips the calling test with the reason, if there is one. */
  public static void orSkip() throws InterruptedException {
    Optional<String> reason = LossyFileSystem.unavailable();
    reason.ifPresent(why -> System.err.println("SKIPPED, nothing proven about power loss: " + why));
    Assumptions.assumeTrue(reason.isEmpty(), () -> "no lossy file system: " + reason.orElse(""));
  }
}
