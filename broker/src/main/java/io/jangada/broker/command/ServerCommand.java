// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.command;

import io.jangada.broker.config.BrokerConfig;
import io.jangada.broker.node.ServingNode;
import io.jangada.broker.startup.BrokerProcess;
import io.jangada.broker.startup.ParentWatch;
import io.jangada.broker.startup.ServerLogging;
import io.jangada.broker.startup.Signals;
import io.jangada.launcher.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jangada server}: one node in the foreground, until SIGTERM or SIGINT. */
@Command(
    name = "server",
    description = {
      "Run one node in the foreground. SIGTERM and Ctrl-C shut it down in order.",
      "Its data directory must have been prepared with 'jangada format'."
    })
public final class ServerCommand implements Callable<Integer> {
  @Mixin NodeOptions node = new NodeOptions();

  @Option(
      names = "--stop-at-eof",
      hidden = true,
      description = "Shut down when standard input ends: how 'dev' leaves no orphans.")
  boolean stopAtEof;

  @Override
  public Integer call() throws Exception {
    BrokerConfig config = node.load();
    ServerLogging.begin(config);
    BrokerProcess process =
        new BrokerProcess(config, new ServingNode(), Runtime.getRuntime()::halt);
    Signals signals =
        Signals.install(
            process::requestStop, config.broker().shutdownTimeout(), Runtime.getRuntime()::halt);
    if (stopAtEof) {
      ParentWatch.start(System.in, process::requestStop);
    }
    int exitCode = ExitCode.FAILED.number();
    try {
      exitCode = process.run() ? ExitCode.DONE.number() : ExitCode.FAILED.number();
    } finally {
      signals.finished(exitCode);
    }
    return exitCode;
  }
}
