// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.config;

import picocli.CommandLine.Command;

/** {@code jangada config}. */
@Command(
    name = "config",
    description = "Settings of the cluster and of brokers, while they run.",
    subcommands = {ConfigGet.class, ConfigSet.class, ConfigUnset.class})
public final class ConfigCommand {}
