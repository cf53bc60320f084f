// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.live;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A built distribution of Jangada.
 *
 * @param home the directory that holds {@code bin/jangada}
 */
public record Distribution(Path home) {
  /** Names the directory for programs and tests that are not started in the project's. */
  public static final String PROPERTY = "jangada.distribution";

  /** Checks that it is one. */
  public Distribution {
    if (!Files.isExecutable(home.resolve("bin").resolve("jangada"))) {
      throw new IllegalStateException(
          "expected a distribution with bin/jangada in "
              + home
              + ", but there is none: make build");
    }
  }

  /** The one that the property names, else the one that this project's build made. */
  public static Distribution ofBuild() {
    String home = System.getProperty(PROPERTY, "");
    return new Distribution(
        home.isEmpty()
            ? Path.of("dist", "target", "jangada").toAbsolutePath()
            : Path.of(home).toAbsolutePath());
  }

  /** The command {@code jangada}. */
  public Path executable() {
    return home.resolve("bin").resolve("jangada");
  }
}
