// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import java.util.Map;

/**
 * Brings commands to {@code jangada}; found with {@link java.util.ServiceLoader}, so an
 * implementation has a public constructor without parameters and a line in {@code
 * META-INF/services}.
 *
 * <p>A command class carries picocli's {@code @Command} and implements {@code Callable<Integer>}
 * (the answer is the exit code, see {@link ExitCode}) or {@code Runnable}, or only holds
 * subcommands. It has a public constructor that takes an {@link Invocation}, or none that takes
 * anything. It must not declare the global options {@code --bootstrap}, {@code --context}, {@code
 * -o/--output}, {@code --timeout}, {@code -v/--verbose}, {@code -h/--help}: every command inherits
 * them and reads their values from the invocation.
 *
 * <p>Command classes stay thin: naming one here loads it, so what is heavy is referred to from its
 * {@code call()} method only.
 */
public interface CommandProvider {
  /** The commands directly below {@code jangada}: name on the command line to annotated class. */
  Map<String, Class<?>> commands();

  /**
   * Whether one of these commands writes a log. Where it does not, no logging library is started
   * unless {@code -v} asks for it: that alone would take longer than a client command may.
   */
  default boolean logs(String command) {
    return false;
  }
}
