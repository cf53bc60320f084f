// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.config;

import io.jangada.cli.Connection;
import io.jangada.client.Admin;
import io.jangada.client.ConfigChange;
import io.jangada.client.JangadaClient;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada config unset}. */
@Command(name = "unset", description = "Take settings back, to what the nodes were started with.")
public final class ConfigUnset implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(arity = "1..*", paramLabel = "KEY", description = "Which settings.")
  private List<String> keys = new ArrayList<>();

  @Mixin private Where where = new Where();

  @Option(names = "--dry-run", description = "Check only.")
  private boolean dryRun;

  /** Made by the launcher. */
  public ConfigUnset(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(String scope, List<String> unset, boolean dryRun) {}

  @Override
  public Integer call() {
    try (JangadaClient client = Connection.open(invocation)) {
      return run(client.admin());
    }
  }

  Integer run(Admin admin) {
    ConfigChange change = new ConfigChange(where.scope(), Map.of(), keys);
    admin.alterConfigs(List.of(change), dryRun).getFirst().orThrow();
    Answer answer = new Answer(where.scope().toString(), keys, dryRun);
    invocation.printer().printText(answer, () -> text(answer));
    return ExitCode.DONE.number();
  }

  private static String text(Answer answer) {
    StringBuilder text = new StringBuilder();
    for (String key : answer.unset()) {
      text.append(
          "%s: %s%s unset%n".formatted(answer.scope(), key, answer.dryRun() ? " would be" : ""));
    }
    return text.toString();
  }
}
