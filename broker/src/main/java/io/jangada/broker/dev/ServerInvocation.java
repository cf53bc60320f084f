// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.dev;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How to start {@code jangada server} the way this process was started. */
public final class ServerInvocation {
  /** Set by the distribution's start script to itself; it ends by becoming the JVM. */
  private static final String EXECUTABLE_PROPERTY = "jangada.executable";

  private static final String LAUNCHER = "io.jangada.launcher.Launcher";

  /** What the layout decides must not come from the environment of whoever runs {@code dev}. */
  private static final Set<String> OWNED =
      Set.of(
          "JANGADA_NODE_ID",
          "JANGADA_NODE_ROLES",
          "JANGADA_CLUSTER_ID",
          "JANGADA_QUORUM_MEMBERS",
          "JANGADA_LISTENERS_BIND_HOST",
          "JANGADA_LISTENERS_ADVERTISED_HOST",
          "JANGADA_LISTENERS_GRPC_PORT",
          "JANGADA_LISTENERS_RATIS_PORT",
          "JANGADA_LISTENERS_HTTP_PORT",
          "JANGADA_KAFKA_PORT",
          "JANGADA_STORAGE_DIRECTORY");

  private ServerInvocation() {}

  /**
   * Starts a server whose standard input is a pipe held by this process: when it breaks, because
   * this process died, the server stops by itself.
   *
   * @param overrides {@code key=value} each, for {@code --set}
   */
  public static Process start(Path configFile, Path logFile, List<String> overrides)
      throws java.io.IOException {
    List<String> command = new ArrayList<>(program());
    command.addAll(List.of("server", "-c", configFile.toString(), "--stop-at-eof"));
    for (String override : overrides) {
      command.addAll(List.of("--set", override));
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeAll(OWNED);
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
        .start();
  }

  private static List<String> program() {
    String executable = System.getProperty(EXECUTABLE_PROPERTY, "");
    if (!executable.isEmpty()) {
      return List.of(executable);
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.startsWith("-agentlib") && !argument.startsWith("-javaagent"))
        .forEach(command::add);
    command.add("-Djangada.terminals=");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), LAUNCHER));
    return command;
  }
}
