// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The main class of {@code jangada}: finds the commands, calls the one that the arguments name, and
 * turns what it throws into two lines on standard error and an exit code.
 */
public final class Launcher {
  private static final Set<String> HELP = Set.of("-h", "--help");

  private final List<CommandProvider> providers;
  private final Stdio stdio;
  private final Contexts contexts;

  /** A launcher of those providers' commands. */
  public Launcher(List<CommandProvider> providers, Stdio stdio, Contexts contexts) {
    this.providers = List.copyOf(providers);
    this.stdio = stdio;
    this.contexts = contexts;
  }

  /** Runs the command in the arguments and exits. */
  public static void main(String[] arguments) throws IOException {
    List<CommandProvider> providers = new ArrayList<>();
    ServiceLoader.load(CommandProvider.class).forEach(providers::add);
    String rehearsal = System.getProperty(Rehearsal.PROPERTY);
    if (rehearsal != null) {
      System.exit(Rehearsal.run(providers, Path.of(rehearsal)));
    }
    Launcher launcher =
        new Launcher(providers, Stdio.ofProcess(), Contexts.ofUser(System.getenv()));
    System.exit(launcher.run(arguments));
  }

  /** Runs the command in the arguments and returns the exit code; throws nothing. */
  public int run(String... given) {
    String[] arguments = helpAsOption(given);
    RootCommand root = new RootCommand();
    Invocation invocation = new Invocation(root, stdio, contexts);
    Map<String, Class<?>> commands = wanted(arguments);
    Logging.choose(logs(commands), List.of(arguments));
    CommandLine line = commandLine(root, invocation, commands);
    return line.execute(arguments);
  }

  /** {@code jangada help topic} means {@code jangada topic --help}. */
  private static String[] helpAsOption(String[] given) {
    if (given.length == 0 || !given[0].equals("help")) {
      return given;
    }
    String[] arguments = Arrays.copyOfRange(given, 1, given.length + 1);
    arguments[given.length - 1] = "--help";
    return arguments;
  }

  private CommandLine commandLine(
      RootCommand root, Invocation invocation, Map<String, Class<?>> commands) {
    CommandLine line = new CommandLine(root, new CommandFactory(invocation));
    root.spec = line.getCommandSpec();
    commands.forEach(line::addSubcommand);
    if (commands.size() > 1) {
      line.addSubcommand(CompletionCommand.NAME, CompletionCommand.class);
    }
    line.registerConverter(Duration.class, new DurationConverter());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(false);
    line.setAbbreviatedOptionsAllowed(false);
    line.setOut(new PrintWriter(new OutputStreamWriter(stdio.out(), StandardCharsets.UTF_8), true));
    line.setErr(new PrintWriter(stdio.err(), true, StandardCharsets.UTF_8));
    line.setColorScheme(CommandLine.Help.defaultColorScheme(stdio.colour() ? Ansi.ON : Ansi.OFF));
    line.setParameterExceptionHandler((failure, arguments) -> usage(failure, arguments));
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> report(failure, root.output, root.verbose));
    return line;
  }

  /**
   * The commands that the arguments may mean, all of them where help is asked for or none is named:
   * reading the annotations of commands that are not called is most of the start-up time.
   */
  private Map<String, Class<?>> wanted(String[] arguments) {
    Map<String, Class<?>> all = new TreeMap<>();
    providers.forEach(provider -> all.putAll(provider.commands()));
    Map<String, Class<?>> named = new TreeMap<>();
    for (String argument : arguments) {
      if (HELP.contains(argument) || argument.equals(CompletionCommand.NAME)) {
        return all;
      }
      Class<?> command = all.get(argument);
      if (command != null) {
        named.put(argument, command);
      }
    }
    return named.isEmpty() ? all : named;
  }

  private boolean logs(Map<String, Class<?>> commands) {
    return providers.stream()
        .anyMatch(
            provider ->
                provider.commands().keySet().stream()
                    .anyMatch(command -> commands.containsKey(command) && provider.logs(command)));
  }

  private int usage(ParameterException failure, String[] arguments) {
    List<String> given = List.of(arguments);
    OutputFormat format =
        given.contains("json") || given.contains("-ojson") || given.contains("--output=json")
            ? OutputFormat.JSON
            : OutputFormat.TABLE;
    String command = failure.getCommandLine().getCommandSpec().qualifiedName();
    ErrorReport report =
        failure instanceof UnmatchedArgumentException unmatched
            ? ErrorReport.unmatched(unmatched, command)
            : ErrorReport.usage(String.valueOf(failure.getMessage()), command);
    stdio.err().print(report.render(format));
    return report.exitCode().number();
  }

  private int report(Exception failure, OutputFormat format, boolean verbose) {
    if (isBrokenPipe(failure)) {
      return ExitCode.DONE.number();
    }
    if (failure instanceof ParameterException usage) {
      return usage(usage, new String[] {format.name().toLowerCase(Locale.ROOT)});
    }
    ErrorReport report = ErrorReport.of(failure);
    stdio.err().print(report.render(format));
    if (verbose) {
      failure.printStackTrace(stdio.err());
    }
    stdio.err().flush();
    return report.exitCode().number();
  }

  /** Whoever read our output has seen enough, as in {@code jangada consume T | head}. */
  private static boolean isBrokenPipe(@Nullable Throwable failure) {
    Throwable cause = failure instanceof UncheckedIOException ? failure.getCause() : failure;
    return cause instanceof IOException
        && String.valueOf(cause.getMessage()).contains("roken pipe");
  }

  private record CommandFactory(Invocation invocation) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      for (Constructor<?> constructor : type.getConstructors()) {
        Class<?>[] parameters = constructor.getParameterTypes();
        if (parameters.length == 1 && parameters[0] == Invocation.class) {
          return type.cast(constructor.newInstance(invocation));
        }
      }
      return CommandLine.defaultFactory().create(type);
    }
  }
}
