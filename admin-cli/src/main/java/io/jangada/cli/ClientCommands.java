// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.cli.bench.BenchCommand;
import io.jangada.cli.cluster.BrokerCommand;
import io.jangada.cli.cluster.LeaderCommand;
import io.jangada.cli.cluster.PartitionCommand;
import io.jangada.cli.cluster.QuorumCommand;
import io.jangada.cli.config.ConfigCommand;
import io.jangada.cli.consume.ConsumeCommand;
import io.jangada.cli.context.ContextCommand;
import io.jangada.cli.doctor.DoctorCommand;
import io.jangada.cli.group.GroupCommand;
import io.jangada.cli.produce.ProduceCommand;
import io.jangada.cli.topic.TopicCommand;
import io.jangada.launcher.CommandProvider;
import java.util.Map;

/** Brings the commands that need no more than a client. */
public final class ClientCommands implements CommandProvider {
  @Override
  public Map<String, Class<?>> commands() {
    return Map.ofEntries(
        Map.entry("topic", TopicCommand.class),
        Map.entry("produce", ProduceCommand.class),
        Map.entry("consume", ConsumeCommand.class),
        Map.entry("partition", PartitionCommand.class),
        Map.entry("leader", LeaderCommand.class),
        Map.entry("broker", BrokerCommand.class),
        Map.entry("quorum", QuorumCommand.class),
        Map.entry("group", GroupCommand.class),
        Map.entry("config", ConfigCommand.class),
        Map.entry("context", ContextCommand.class),
        Map.entry("doctor", DoctorCommand.class),
        Map.entry("bench", BenchCommand.class),
        Map.entry("version", VersionCommand.class));
  }
}
