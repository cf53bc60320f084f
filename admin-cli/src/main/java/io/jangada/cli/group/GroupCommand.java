// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.group;

import picocli.CommandLine.Command;

/** {@code jangada group}. */
@Command(
    name = "group",
    description = "Consumer groups.",
    subcommands = {
      GroupList.class,
      GroupDescribe.class,
      GroupResetOffsets.class,
      GroupDelete.class
    })
public final class GroupCommand {}
