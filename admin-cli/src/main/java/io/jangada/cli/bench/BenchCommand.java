// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.bench;

import picocli.CommandLine.Command;

/** {@code jangada bench}. */
@Command(
    name = "bench",
    description = "Measure what the cluster does, as a client sees it.",
    subcommands = {BenchProduce.class, BenchConsume.class, BenchLatency.class})
public final class BenchCommand {}
