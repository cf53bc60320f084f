// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.command;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.config.ConfigLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a node's configuration comes from: the options of {@code server} and {@code format}. */
final class NodeOptions {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "jangada.yaml. Without it, the environment and --set must say everything.")
  @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets one key; wins over the environment, which wins over the file.")
  List<String> overrides = new ArrayList<>();

  BrokerConfig load() {
    return ConfigLoader.load(Optional.ofNullable(file), System.getenv(), overrides);
  }
}
