// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import picocli.CommandLine.Command;

/** {@code jangada leader}. */
@Command(name = "leader", description = "Leaders of partitions.", subcommands = LeaderElect.class)
public final class LeaderCommand {}
