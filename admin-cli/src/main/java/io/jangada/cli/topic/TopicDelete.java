// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.topic;

import io.jangada.cli.Connection;
import io.jangada.cli.Outcomes;
import io.jangada.client.Admin;
import io.jangada.client.JangadaClient;
import io.jangada.client.Outcome;
import io.jangada.launcher.CommandException;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
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

  /** Whoever destroys has to type what, or to say {@code --yes}; a script has to say it. */
  void confirm() {
    if (!invocation.stdio().inIsTerminal()) {
      throw new CommandException(
          ExitCode.UNSAFE,
          "deleting a topic destroys its records, and nobody is there to confirm it",
          "jangada topic delete " + String.join(" ", names) + " --yes");
    }
    Scanner input = new Scanner(invocation.stdio().in(), StandardCharsets.UTF_8);
    for (String name : names) {
      invocation
          .stdio()
          .err()
          .printf("This destroys all records of the topic. Type its name (%s): ", name);
      invocation.stdio().err().flush();
      String typed = input.hasNextLine() ? input.nextLine().strip() : "";
      IOException broken = input.ioException();
      if (broken != null) {
        throw new UncheckedIOException(broken);
      }
      if (!typed.equals(name)) {
        throw new CommandException(
            ExitCode.UNSAFE,
            "expected '" + name + "', but got '" + typed + "'; nothing was deleted",
            "");
      }
    }
  }
}
