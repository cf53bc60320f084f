// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code jangada completion}: the script that makes a shell complete commands and options. */
@Command(
    name = "completion",
    description = {
      "Print what makes your shell complete commands and options.",
      "bash: source <(jangada completion bash), in ~/.bashrc to keep it.",
      "zsh: the same in ~/.zshrc.",
      "fish: jangada completion fish > ~/.config/fish/completions/jangada.fish"
    })
final class CompletionCommand implements Callable<Integer> {
  static final String NAME = "completion";

  /** The shells. */
  enum Shell {
    BASH,
    ZSH,
    FISH
  }

  @Spec private @Nullable CommandSpec spec;

  private final Invocation invocation;

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  private Shell shell = Shell.BASH;

  /** Made by the launcher. */
  public CompletionCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    if (spec == null) {
      throw new IllegalStateException("not called by the launcher");
    }
    CommandLine all = spec.root().commandLine();
    String script =
        switch (shell) {
          case BASH, ZSH -> AutoComplete.bash(all.getCommandName(), all);
          case FISH -> FishCompletion.script(all);
        };
    new Printer(OutputFormat.TABLE, invocation.stdio().out()).text(script);
    return ExitCode.DONE.number();
  }
}
