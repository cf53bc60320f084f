// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import picocli.CommandLine.Command;

/** {@code jangada quorum}. */
@Command(
    name = "quorum",
    description = "The metadata quorum.",
    subcommands = {
      QuorumStatus.class,
      QuorumAdd.class,
      QuorumRemove.class,
      QuorumTransfer.class,
      QuorumBackup.class,
      QuorumRestore.class,
      QuorumFeatureLevel.class
    })
public final class QuorumCommand {}
