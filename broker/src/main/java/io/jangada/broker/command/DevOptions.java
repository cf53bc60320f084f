// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.command;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Which local cluster is meant. */
final class DevOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "The cluster's directory (default: ${DEFAULT-VALUE}).")
  Path data = Path.of(".jangada", "dev");

  Path directory() {
    return data.toAbsolutePath().normalize();
  }
}
