// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import picocli.CommandLine.Command;

/** {@code jangada partition}. */
@Command(
    name = "partition",
    description = "Partitions of all topics.",
    subcommands = {PartitionList.class, PartitionDescribe.class})
public final class PartitionCommand {}
