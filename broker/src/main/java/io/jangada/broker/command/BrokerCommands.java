// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.command;

import io.jangada.launcher.CommandProvider;
import java.util.Map;

/** What this module adds to {@code jangada}. */
public final class BrokerCommands implements CommandProvider {
  @Override
  public Map<String, Class<?>> commands() {
    return Map.of(
        "server", ServerCommand.class, "format", FormatCommand.class, "dev", DevCommand.class);
  }

  @Override
  public boolean logs(String command) {
    return command.equals("server");
  }
}
