// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** {@code jangada} itself: the options that every command inherits. */
@Command(
    name = "jangada",
    description = "A clustered log broker without ZooKeeper.",
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit codes: 0 done, 1 failed, 2 usage, 3 not found, 4 refused as unsafe,",
      "5 unavailable or timed out.",
      "First steps: jangada dev -n 3"
    })
final class RootCommand implements Runnable {
  /** Set by the launcher: an annotation less for picocli to read. */
  @Nullable CommandSpec spec;

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      split = ",",
      scope = ScopeType.INHERIT,
      description = "Addresses of brokers' gRPC listeners (default: those of the context).")
  List<String> bootstrap = new ArrayList<>();

  @Option(
      names = "--context",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "The context to use instead of the selected one.")
  String context = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      scope = ScopeType.INHERIT,
      description = "table, wide, json or yaml.")
  OutputFormat output = OutputFormat.TABLE;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      scope = ScopeType.INHERIT,
      description = "How long to wait for the cluster, for example 30s (the default).")
  Duration timeout = Duration.ofSeconds(30);

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Stack traces and the client's log.")
  boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Explain this command.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version.")
  boolean version;

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "expected a command, but got none");
    }
  }
}
