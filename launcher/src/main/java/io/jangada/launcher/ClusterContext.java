// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import java.util.List;

/**
 * How to reach one cluster, under a name. Immutable.
 *
 * @param name letters, digits, '.', '-' and '_'
 * @param bootstrap host:port of gRPC listeners, at least one
 */
public record ClusterContext(String name, List<String> bootstrap) {
  /** Copies the addresses. */
  public ClusterContext {
    bootstrap = List.copyOf(bootstrap);
    if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
      throw new CommandException(
          ExitCode.USAGE,
          "expected a context name of letters, digits, '.', '-' and '_', but got '" + name + "'",
          "jangada context list");
    }
    if (bootstrap.isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE,
          "expected at least one address for context '" + name + "', but got none",
          "jangada context set " + name + " --bootstrap HOST:PORT");
    }
  }
}
