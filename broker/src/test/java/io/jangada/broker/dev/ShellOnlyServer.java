// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.dev;

import io.jangada.broker.config.ConfigLoader;
import io.jangada.broker.startup.BrokerProcess;
import io.jangada.broker.startup.ParentWatch;
import io.jangada.broker.startup.Signals;
import io.jangada.common.JangadaException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A node's process without services: ready as soon as its shell is up. */
final class ShellOnlyServer {
  private ShellOnlyServer() {}

  public static void main(String[] arguments) throws Exception {
    BrokerProcess process =
        new BrokerProcess(
            ConfigLoader.load(Optional.of(Path.of(arguments[0])), Map.of(), List.of()),
            (steps, node) -> {},
            Runtime.getRuntime()::halt);
    Signals signals =
        Signals.install(process::requestStop, Duration.ofSeconds(10), Runtime.getRuntime()::halt);
    ParentWatch.start(System.in, process::requestStop);
    int exitCode = 1;
    try {
      exitCode = process.run() ? 0 : 1;
    } catch (JangadaException e) {
      System.err.println("error: " + e.getMessage());
    } finally {
      signals.finished(exitCode);
    }
    System.exit(exitCode);
  }

  static Process start(Path configFile, Path logFile) throws IOException {
    return javaProcess(ShellOnlyServer.class, configFile.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
        .start();
  }

  static ProcessBuilder javaProcess(Class<?> main, String argument) {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xmx64m",
        "-cp",
        System.getProperty("java.class.path"),
        main.getName(),
        argument);
  }
}
