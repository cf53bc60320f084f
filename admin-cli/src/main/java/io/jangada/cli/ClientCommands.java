// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.cli.cluster.BrokerCommand;
import io.jangada.cli.cluster.LeaderCommand;
import io.jangada.cli.cluster.PartitionCommand;
import io.jangada.cli.cluster.QuorumCommand;
import io.jangada.cli.consume.ConsumeCommand;
import io.jangada.cli.context.ContextCommand;
import io.jangada.cli.produce.ProduceCommand;
import io.jangada.cli.topic.TopicCommand;
import io.jangada.launcher.CommandProvider;
import java.util.Map;

/** Brings the commands that need no more than a client. */
public final class ClientCommands implements CommandProvider {
  @Override
  public Map<String, Class<?>> commands() {
    return Map.of(
        "topic", TopicCommand.class,
        "produce", ProduceCommand.class,
        "consume", ConsumeCommand.class,
        "partition", PartitionCommand.class,
        "leader", LeaderCommand.class,
        "broker", BrokerCommand.class,
        "quorum", QuorumCommand.class,
        "context", ContextCommand.class,
        "version", VersionCommand.class);
  }
}
