// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.topic;

import io.jangada.cli.Confirmation;
import io.jangada.cli.Connection;
import io.jangada.cli.Outcomes;
import io.jangada.client.Admin;
import io.jangada.client.JangadaClient;
import io.jangada.client.Outcome;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code jangada topic delete}. */
@Command(name = "delete", description = "Delete topics with everything in them.")
public final class TopicDelete implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(arity = "1..*", paramLabel = "NAME", description = "Which topics.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--yes", description = "Do not ask for the name.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Check only.")
  private boolean dryRun;

  /** Made by the launcher. */
  public TopicDelete(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(List<Topic> topics, boolean dryRun) {}

  private record Topic(String name) {}

  @Override
  public Integer call() {
    if (!dryRun && !yes) {
      confirm();
    }
    try (JangadaClient client = Connection.open(invocation)) {
      return run(client.admin());
    }
  }

  Integer run(Admin admin) {
    List<Outcome<String>> outcomes = admin.deleteTopics(names, dryRun);
    List<Topic> deleted = Outcomes.succeeded(outcomes).stream().map(Topic::new).toList();
    if (!deleted.isEmpty()) {
      invocation.printer().printText(new Answer(deleted, dryRun), () -> text(deleted));
    }
    Outcomes.throwFirstFailure(outcomes);
    return ExitCode.DONE.number();
  }

  private String text(List<Topic> deleted) {
    StringBuilder text = new StringBuilder();
    for (Topic topic : deleted) {
      text.append(topic.name()).append(dryRun ? " would be deleted\n" : " deleted\n");
    }
    return text.toString();
  }

  void confirm() {
    new Confirmation(invocation)
        .require(
            names,
            "This destroys all records of the topic.",
            "deleting a topic destroys its records",
            "jangada topic delete " + String.join(" ", names) + " --yes");
  }
}
