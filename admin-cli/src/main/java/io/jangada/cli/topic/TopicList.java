// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.topic;

import io.jangada.cli.Connection;
import io.jangada.client.Admin;
import io.jangada.client.JangadaClient;
import io.jangada.launcher.ExitCode;
import io.jangada.launcher.Invocation;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code jangada topic list}. */
@Command(name = "list", description = "All topics.")
public final class TopicList implements Callable<Integer> {
  private final Invocation invocation;

  @Option(names = "--internal", description = "Those too that the cluster keeps for itself.")
  private boolean internal;

  /** Made by the launcher. */
  public TopicList(Invocation invocation) {
    this.invocation = invocation;
  }

  private record Answer(List<TopicAnswer> topics) {}

  @Override
  public Integer call() {
    try (JangadaClient client = Connection.open(invocation)) {
      return run(client.admin());
    }
  }

  Integer run(Admin admin) {
    Answer answer = new Answer(admin.listTopics(internal).stream().map(TopicAnswer::of).toList());
    invocation.printer().print(answer, wide -> TopicAnswer.table(answer.topics(), wide));
    return ExitCode.DONE.number();
  }
}
