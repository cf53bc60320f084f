// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import picocli.CommandLine.Command;

/** {@code jangada broker}. */
@Command(
    name = "broker",
    description = "The brokers.",
    subcommands = {BrokerList.class, BrokerDescribe.class, BrokerRemove.class})
public final class BrokerCommand {}
