// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.context;

import picocli.CommandLine.Command;

/** {@code jangada context}. */
@Command(
    name = "context",
    description = "Names for clusters, so that nobody types addresses.",
    subcommands = {ContextList.class, ContextUse.class, ContextSet.class, ContextRemove.class})
public final class ContextCommand {}
