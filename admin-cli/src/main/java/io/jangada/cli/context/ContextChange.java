// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.context;

import io.jangada.launcher.ClusterContext;
import io.jangada.launcher.Printer;
import java.util.List;

/**
 * The answer of the commands that change contexts: structured always; as text only where nothing
 * was done, because what was done is no news.
 *
 * @param name of the context
 * @param bootstrap its addresses
 * @param dryRun whether nothing was changed
 */
record ContextChange(String name, List<String> bootstrap, boolean dryRun) {
  static void print(Printer printer, ClusterContext context, String would, boolean dryRun) {
    ContextChange change = new ContextChange(context.name(), context.bootstrap(), dryRun);
    printer.printText(
        change,
        () ->
            dryRun
                ? "%s would be %s: %s%n"
                    .formatted(context.name(), would, String.join(",", context.bootstrap()))
                : "");
  }
}
