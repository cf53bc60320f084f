// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.config;

import io.jangada.client.ConfigScope;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose settings are meant: all brokers', unless one is named. */
final class Where {
  @Option(
      names = "--broker",
      paramLabel = "ID",
      description = "Of this broker alone (default: of the cluster, which is all brokers).")
  private @Nullable Integer broker;

  ConfigScope scope() {
    return broker == null ? ConfigScope.cluster() : ConfigScope.broker(broker);
  }
}
