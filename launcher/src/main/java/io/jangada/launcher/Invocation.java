// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import java.time.Duration;
import java.util.List;

/**
 * What a command may know of how it was called: the global options and the world around it. Command
 * classes take it in their constructor; the options have their values once the command is called,
 * not before. Not thread-safe.
 */
public final class Invocation {
  /** Where a command looks for a cluster if nothing says where it is: the first local one's. */
  public static final List<String> DEFAULT_BOOTSTRAP =
      List.of("127.0.0.1:7400", "127.0.0.1:7410", "127.0.0.1:7420");

  private final RootCommand options;
  private final Stdio stdio;
  private final Contexts contexts;

  Invocation(RootCommand options, Stdio stdio, Contexts contexts) {
    this.options = options;
    this.stdio = stdio;
    this.contexts = contexts;
  }

  /** An invocation with no option but {@code -o}, for tests of commands. */
  public static Invocation of(OutputFormat output, Stdio stdio, Contexts contexts) {
    RootCommand options = new RootCommand();
    options.output = output;
    return new Invocation(options, stdio, contexts);
  }

  /**
   * Where the cluster is: {@code --bootstrap}, else the context that {@code --context} names, else
   * the selected context, else {@link #DEFAULT_BOOTSTRAP}.
   *
   * @throws CommandException {@link ExitCode#NOT_FOUND} if the named context does not exist
   */
  public List<String> bootstrap() {
    if (!options.bootstrap.isEmpty()) {
      return List.copyOf(options.bootstrap);
    }
    if (!options.context.isEmpty()) {
      return contexts
          .find(options.context)
          .map(ClusterContext::bootstrap)
          .orElseThrow(
              () ->
                  new CommandException(
                      ExitCode.NOT_FOUND,
                      "there is no context '" + options.context + "'",
                      "jangada context list"));
    }
    return contexts.current().map(ClusterContext::bootstrap).orElse(DEFAULT_BOOTSTRAP);
  }

  /** The addresses given with {@code --bootstrap} alone; may be empty. */
  public List<String> bootstrapOption() {
    return List.copyOf(options.bootstrap);
  }

  /** How answers are to be printed. */
  public OutputFormat output() {
    return options.output;
  }

  /** How long to wait for the cluster. */
  public Duration timeout() {
    return options.timeout;
  }

  /** Whether more than one line may be said about a failure. */
  public boolean verbose() {
    return options.verbose;
  }

  /** The standard streams. */
  public Stdio stdio() {
    return stdio;
  }

  /** This user's named clusters. */
  public Contexts contexts() {
    return contexts;
  }

  /** A printer to standard output in the asked format. */
  public Printer printer() {
    return new Printer(options.output, stdio.out());
  }
}
