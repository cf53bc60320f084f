// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.cluster;

import io.jangada.client.PartitionDescription;
import io.jangada.client.TopicDescription;
import io.jangada.launcher.Table;
import java.util.List;

/**
 * A partition as {@code -o json} shows it. The names are a contract.
 *
 * @param leader broker id, or -1 for none
 * @param elr eligible leader replicas (KIP-966)
 * @param logStartOffset -1 where the leader could not be asked, and the other offsets too
 */
public record PartitionAnswer(
    String topic,
    int partition,
    int leader,
    int leaderEpoch,
    int partitionEpoch,
    List<Integer> replicas,
    List<Integer> isr,
    List<Integer> elr,
    long logStartOffset,
    long highWatermark,
    long logEndOffset) {
  /** All partitions of a topic. */
  public static List<PartitionAnswer> of(TopicDescription topic) {
    return topic.partitions().stream().map(partition -> of(topic.name(), partition)).toList();
  }

  private static PartitionAnswer of(String topic, PartitionDescription partition) {
    return new PartitionAnswer(
        topic,
        partition.partition(),
        partition.leader(),
        partition.leaderEpoch(),
        partition.partitionEpoch(),
        partition.replicas(),
        partition.isr(),
        partition.elr(),
        partition.offsets().logStartOffset(),
        partition.offsets().highWatermark(),
        partition.offsets().logEndOffset());
  }

  /** A field in a line. */
  String text() {
    return """
    partition        %s:%d
    leader           %s
    leader epoch     %d
    partition epoch  %d
    replicas         %s
    in sync          %s
    eligible         %s
    log start        %s
    high watermark   %s
    log end          %s
    """
        .formatted(
            topic,
            partition,
            leader < 0 ? "none" : leader,
            leaderEpoch,
            partitionEpoch,
            ids(replicas),
            ids(isr),
            ids(elr),
            known(logStartOffset),
            known(highWatermark),
            known(logEndOffset));
  }

  /** The partitions as a table; wide adds epochs, the ELR and the log end. */
  public static Table table(List<PartitionAnswer> partitions, boolean wide) {
    Table table =
        wide
            ? new Table(
                "TOPIC",
                "PARTITION",
                "LEADER",
                "LEADER-EPOCH",
                "PARTITION-EPOCH",
                "REPLICAS",
                "ISR",
                "ELR",
                "LOG-START",
                "HIGH-WATERMARK",
                "LOG-END")
            : new Table(
                "TOPIC", "PARTITION", "LEADER", "REPLICAS", "ISR", "LOG-START", "HIGH-WATERMARK");
    for (PartitionAnswer p : partitions) {
      if (wide) {
        table.row(
            p.topic,
            p.partition,
            known(p.leader),
            p.leaderEpoch,
            p.partitionEpoch,
            ids(p.replicas),
            ids(p.isr),
            ids(p.elr),
            known(p.logStartOffset),
            known(p.highWatermark),
            known(p.logEndOffset));
      } else {
        table.row(
            p.topic,
            p.partition,
            known(p.leader),
            ids(p.replicas),
            ids(p.isr),
            known(p.logStartOffset),
            known(p.highWatermark));
      }
    }
    return table;
  }

  private static String known(long value) {
    return value < 0 ? "-" : Long.toString(value);
  }

  private static String ids(List<Integer> ids) {
    return ids.isEmpty() ? "-" : String.join(",", ids.stream().map(String::valueOf).toList());
  }
}
