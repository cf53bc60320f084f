// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.config;

import io.jangada.cli.Connection;
import io.jangada.client.Admin;
import io.jangada.client.ConfigChange;
import io.jangada.client.JangadaClient;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada config set}. */
@Command(
    name = "set",
    description = "Change settings. Every broker concerned follows within moments.")
public final class ConfigSet implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(arity = "1..*", paramLabel = "KEY=VALUE", description = "What to set to what.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Mixin private Where where = new Where();

  @Option(names = "--dry-run", description = "Check only.")
  private boolean dryRun;

  /** Made by the launcher. */
  public ConfigSet(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(String scope, Map<String, String> set, boolean dryRun) {}

  @Override
  public Integer call() {
    try (JangadaClient client = Connection.open(invocation)) {
      return run(client.admin());
    }
  }

  Integer run(Admin admin) {
    ConfigChange change = new ConfigChange(where.scope(), settings, List.of());
    admin.alterConfigs(List.of(change), dryRun).getFirst().orThrow();
    Answer answer = new Answer(where.scope().toString(), new TreeMap<>(settings), dryRun);
    invocation.printer().printText(answer, () -> text(answer));
    return ExitCode.DONE.number();
  }

  private static String text(Answer answer) {
    StringBuilder text = new StringBuilder();
    answer
        .set()
        .forEach(
            (key, value) ->
                text.append(
                    "%s: %s%s set to %s%n"
                        .formatted(
                            answer.scope(), key, answer.dryRun() ? " would be" : "", value)));
    return text.toString();
  }
}
