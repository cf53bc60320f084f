// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.doctor;

import io.jangada.cli.Connection;
import io.jangada.client.JangadaClient;
import io.jangada.common.JangadaException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import io.jangada.launcher.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jangada doctor}. */
@Command(
    name = "doctor",
    description = {
      "Look for what will make trouble: file handles, memory and disk of this machine; addresses,"
          + " clocks and replicas of the cluster.",
      "Fails if a check failed; a warning is no failure."
    })
public final class DoctorCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The disk to check is this directory's (default: the current one).")
  private Path data = Path.of("");

  @Option(names = "--host-only", description = "Leave the cluster alone.")
  private boolean hostOnly;

  /** Made by the launcher. */
  public DoctorCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(boolean healthy, List<Check> checks) {}

  private record Check(String check, String state, String found, String remedy) {}

  @Override
  public Integer call() {
    List<Finding> findings = new ArrayList<>(HostChecks.all(data.toAbsolutePath().normalize()));
    if (!hostOnly) {
      findings.addAll(cluster());
    }
    return print(findings);
  }

  private List<Finding> cluster() {
    try (JangadaClient client = Connection.open(invocation)) {
      return ClusterChecks.all(client.admin());
    } catch (JangadaException e) {
      return List.of(
          Finding.failed(
              "cluster",
              String.valueOf(e.getMessage()),
              e.hint().isEmpty() ? "jangada doctor --host-only" : e.hint()));
    }
  }

  Integer print(List<Finding> findings) {
    boolean healthy = findings.stream().noneMatch(f -> f.state() == Finding.State.FAILED);
    List<Check> checks =
        findings.stream()
            .map(
                f ->
                    new Check(
                        f.check(),
                        f.state().name().toLowerCase(Locale.ROOT),
                        f.found(),
                        f.remedy()))
            .toList();
    invocation.printer().printText(new Answer(healthy, checks), () -> text(checks));
    return (healthy ? ExitCode.DONE : ExitCode.FAILED).number();
  }

  private static String text(List<Check> checks) {
    Table table = new Table("CHECK", "STATE", "FOUND");
    StringBuilder remedies = new StringBuilder();
    for (Check each : checks) {
      table.row(each.check(), each.state(), each.found());
      if (!each.remedy().isEmpty()) {
        remedies.append(each.check()).append(": ").append(each.remedy()).append('\n');
      }
    }
    return table.render() + (remedies.isEmpty() ? "" : "\n" + remedies);
  }
}
