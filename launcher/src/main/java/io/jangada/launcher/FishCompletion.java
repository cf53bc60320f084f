// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Completion for fish: one {@code complete} line for each subcommand and option. */
final class FishCompletion {
  private static final String HELPER =
      """
      # Completion of jangada for fish.
      function __jangada_at
          # The words that are no options are those of the command, so far.
          set -l words (string match -v -- '-*' (commandline -opc)[2..-1])
          test "$words" = "$argv"
      end

      """;

  private FishCompletion() {}

  static String script(CommandLine root) {
    StringBuilder script = new StringBuilder(HELPER);
    append(root, List.of(), script);
    return script.toString();
  }

  private static void append(CommandLine command, List<String> path, StringBuilder script) {
    String at = path.isEmpty() ? "__jangada_at" : "__jangada_at " + String.join(" ", path);
    boolean group = !command.getSubcommands().isEmpty();
    for (Map.Entry<String, CommandLine> sub : command.getSubcommands().entrySet()) {
      script.append(
          "complete -c jangada -f -n '%s' -a %s -d '%s'%n"
              .formatted(at, sub.getKey(), quoted(firstLine(sub.getValue()))));
      List<String> below = new ArrayList<>(path);
      below.add(sub.getKey());
      append(sub.getValue(), below, script);
    }
    if (group) {
      return;
    }
    String seen = "__fish_seen_subcommand_from " + path.getLast();
    if (path.size() > 1) {
      seen = "__fish_seen_subcommand_from " + path.getFirst() + "; and " + seen;
    }
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (!option.hidden()) {
        script.append("complete -c jangada -n '%s'%s%n".formatted(seen, names(option)));
      }
    }
  }

  private static String names(OptionSpec option) {
    StringBuilder text = new StringBuilder();
    for (String name : option.names()) {
      text.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^-+", ""));
    }
    if (option.arity().max() > 0) {
      text.append(" -r");
    }
    String description = option.description().length == 0 ? "" : option.description()[0];
    return text.append(" -d '").append(quoted(description)).append('\'').toString();
  }

  private static String firstLine(CommandLine command) {
    String[] description = command.getCommandSpec().usageMessage().description();
    return description.length == 0 ? "" : description[0];
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("'", "\\'").replace("%%", "%").replace("%n", " ");
  }
}
