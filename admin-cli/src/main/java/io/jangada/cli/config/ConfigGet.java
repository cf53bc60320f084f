// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.config;

import io.jangada.cli.Connection;
import io.jangada.client.Admin;
import io.jangada.client.ConfigEntry;
import io.jangada.client.ConfigScope;
import io.jangada.client.JangadaClient;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada config get}. */
@Command(
    name = "get",
    description =
        "Settings in force, and where they come from (-o wide: defaults, bounds and meaning too).")
public final class ConfigGet implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(arity = "0..*", paramLabel = "KEY", description = "Which (default: all).")
  private List<String> keys = new ArrayList<>();

  @ArgGroup private @Nullable Scope scope;

  /** One at most. */
  static final class Scope {
    @Option(
        names = "--broker",
        paramLabel = "ID",
        description = "Of this broker (default: of the cluster).")
    private @Nullable Integer broker;

    @Option(names = "--topic", paramLabel = "NAME", description = "Of this topic.")
    private @Nullable String topic;
  }

  /** Made by the launcher. */
  public ConfigGet(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(String scope, List<Config> configs) {}

  /**
   * The names are a contract.
   *
   * @param source who set it: default, node (its file, environment or --set), cluster, broker,
   *     topic
   * @param changeable whether {@code jangada config set} may change it
   */
  private record Config(
      String key,
      String value,
      String source,
      String defaultValue,
      boolean changeable,
      String expected,
      String meaning) {}

  @Override
  public Integer call() {
    try (JangadaClient client = Connection.open(invocation)) {
      return run(client.admin());
    }
  }

  Integer run(Admin admin) {
    ConfigScope asked = asked();
    List<Config> all =
        admin.describeConfigs(List.of(asked)).getFirst().orThrow().stream()
            .map(ConfigGet::config)
            .toList();
    Answer answer = new Answer(asked.toString(), keys.isEmpty() ? all : chosen(all));
    invocation.printer().print(answer, wide -> table(answer.configs(), wide));
    return ExitCode.DONE.number();
  }

  private ConfigScope asked() {
    if (scope != null && scope.broker != null) {
      return ConfigScope.broker(scope.broker);
    }
    if (scope != null && scope.topic != null) {
      return ConfigScope.topic(scope.topic);
    }
    return ConfigScope.cluster();
  }

  private List<Config> chosen(List<Config> all) {
    List<Config> chosen = new ArrayList<>();
    for (String key : keys) {
      chosen.add(
          all.stream()
              .filter(config -> config.key().equals(key))
              .findFirst()
              .orElseThrow(
                  () ->
                      new CommandException(
                          ExitCode.NOT_FOUND,
                          "there is no setting '" + key + "'",
                          "jangada config get")));
    }
    return chosen;
  }

  private static Config config(ConfigEntry entry) {
    return new Config(
        entry.key(),
        entry.value(),
        entry.source().name().toLowerCase(Locale.ROOT),
        entry.defaultValue(),
        entry.changeable(),
        entry.expected(),
        entry.meaning());
  }

  private static Table table(List<Config> configs, boolean wide) {
    Table table =
        wide
            ? new Table("KEY", "VALUE", "SOURCE", "DEFAULT", "CHANGEABLE", "EXPECTED", "MEANING")
            : new Table("KEY", "VALUE", "SOURCE", "CHANGEABLE");
    for (Config c : configs) {
      String changeable = c.changeable() ? "yes" : "no";
      if (wide) {
        table.row(
            c.key(),
            shown(c.value()),
            c.source(),
            shown(c.defaultValue()),
            changeable,
            shown(c.expected()),
            shown(c.meaning()));
      } else {
        table.row(c.key(), shown(c.value()), c.source(), changeable);
      }
    }
    return table;
  }

  private static String shown(String text) {
    return text.isEmpty() ? "-" : text;
  }
}
