// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.command;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.startup.DataDirectory;
import io.jangada.broker.startup.LogDirectories;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jangada format}: makes a data directory this node's, once. */
@Command(
    name = "format",
    description = {
      "Prepare a node's data directory, and print the cluster's id.",
      "The first node makes the id; give it to the others with --cluster-id."
    })
public final class FormatCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Mixin NodeOptions node = new NodeOptions();

  @Option(
      names = "--cluster-id",
      paramLabel = "UUID",
      description = "The cluster to belong to (default: cluster.id, else a new one).")
  @Nullable UUID clusterId;

  @Option(
      names = "--ignore-formatted",
      description = "Exit with 0 if the directory was formatted for this node and cluster before.")
  boolean ignoreFormatted;

  @Option(
      names = "--join",
      description = {
        "The node's part in the metadata quorum begins with jangada quorum add, also if"
            + " quorum.members lists it: for a machine that takes the place of a lost one."
      })
  boolean join;

  @Option(
      names = "--log-directory",
      paramLabel = "PATH",
      description = {
        "Prepare only this one of storage.log-directories, on a disk that replaces another; the"
            + " node's data directory stays as it is."
      })
  @Nullable Path logDirectory;

  private record Answer(String clusterId, int nodeId, String directory, boolean formatted) {}

  /** Made by the launcher. */
  public FormatCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    BrokerConfig config = node.load();
    Optional<UUID> wanted = Optional.ofNullable(clusterId).or(() -> config.node().clusterId());
    refuseContradiction(config);
    Path directory = config.storage().directory();
    if (logDirectory != null) {
      return formatLogDirectory(config, logDirectory.toAbsolutePath().normalize(), wanted);
    }
    UUID formattedFor;
    boolean formatted = !ignoreFormatted || DataDirectory.clusterIdOf(directory).isEmpty();
    if (formatted) {
      formattedFor = wanted.orElseGet(UUID::randomUUID);
      DataDirectory.format(
          directory, formattedFor, config.node().id(), UUID.randomUUID(), joins(config));
    } else {
      formattedFor = DataDirectory.verify(directory, wanted, config.node().id());
    }
    invocation
        .printer()
        .printText(
            new Answer(
                formattedFor.toString(), config.node().id(), directory.toString(), formatted),
            () -> formattedFor + "\n");
    return ExitCode.DONE.number();
  }

  private int formatLogDirectory(BrokerConfig config, Path path, Optional<UUID> wanted) {
    if (!config.storage().logDirectories().contains(path)) {
      throw new JangadaException(
          ErrorCode.INVALID_CONFIG,
          "expected one of storage.log-directories %s, but got %s"
              .formatted(config.storage().logDirectories(), path),
          "add it to the configuration first");
    }
    UUID cluster = DataDirectory.verify(config.storage().directory(), wanted, config.node().id());
    LogDirectories.format(path, cluster, config.node().id());
    invocation
        .printer()
        .printText(
            new Answer(cluster.toString(), config.node().id(), path.toString(), true),
            () -> cluster + "\n");
    return ExitCode.DONE.number();
  }

  private boolean joins(BrokerConfig config) {
    if (join && !config.node().isQuorumMember()) {
      throw new JangadaException(
          ErrorCode.INVALID_CONFIG,
          "expected the role quorum for --join, but node.roles has " + config.node().roles(),
          "leave --join out: brokers need not be added");
    }
    return join;
  }

  private void refuseContradiction(BrokerConfig config) {
    Optional<UUID> configured = config.node().clusterId();
    if (clusterId != null && configured.isPresent() && !configured.get().equals(clusterId)) {
      throw new JangadaException(
          ErrorCode.INCONSISTENT_CLUSTER_ID,
          "expected --cluster-id to be cluster.id (%s), but it is %s"
              .formatted(configured.get(), clusterId),
          "leave one of them out");
    }
  }
}
