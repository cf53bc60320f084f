// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.topic;

import io.jangada.client.TopicListing;
import io.jangada.launcher.Table;
import java.util.List;

/**
 * A topic in short, as {@code -o json} shows it. The names are a contract.
 *
 * @param id a UUID
 * @param partitions how many
 */
record TopicAnswer(
    String name, String id, int partitions, int replicationFactor, boolean internal) {
  static TopicAnswer of(TopicListing topic) {
    return new TopicAnswer(
        topic.name(),
        topic.id().toString(),
        topic.partitions(),
        topic.replicationFactor(),
        topic.internal());
  }

  static Table table(List<TopicAnswer> topics, boolean wide) {
    Table table =
        wide
            ? new Table("NAME", "PARTITIONS", "REPLICATION-FACTOR", "INTERNAL", "ID")
            : new Table("NAME", "PARTITIONS", "REPLICATION-FACTOR");
    for (TopicAnswer topic : topics) {
      if (wide) {
        table.row(topic.name, topic.partitions, topic.replicationFactor, topic.internal, topic.id);
      } else {
        table.row(topic.name, topic.partitions, topic.replicationFactor);
      }
    }
    return table;
  }
}
