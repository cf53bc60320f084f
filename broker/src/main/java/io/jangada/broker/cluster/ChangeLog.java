// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerStatus;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a change of the metadata means to an operator: brokers that come and go, elections and ISR
 * changes, a line each, with the reason. A partition's lines are of the broker that leads it now or
 * did before. For one thread, the metadata's.
 */
final class ChangeLog {
  /** Of one change; what is beyond is counted. */
  static final int MAX_LINES = 20;

  private final int brokerId;

  /** Why brokers are out of service, as far as that was heard. */
  private final Map<Integer, String> reasons = new HashMap<>();

  ChangeLog(int brokerId) {
    this.brokerId = brokerId;
  }

  /** The lines, in order; at most {@link #MAX_LINES} and one that counts the rest. */
  List<String> lines(MetadataDelta delta) {
    List<String> lines = new ArrayList<>();
    for (MetadataRecord record : delta.records()) {
      if (record instanceof MetadataRecord.BrokerStatusChanged changed) {
        reasons.put(changed.brokerId(), changed.reason());
        lines.add(status(changed));
      }
    }
    int more = 0;
    for (TopicIdPartition id : delta.changedPartitions()) {
      PartitionRegistration before = delta.before().partition(id);
      PartitionRegistration after = delta.after().partition(id);
      TopicImage topic = delta.after().topic(id.topicId());
      boolean ours =
          before != null
              && after != null
              && topic != null
              && (before.leader() == brokerId || after.leader() == brokerId);
      if (!ours || sameForOperators(before, after)) {
        continue;
      }
      if (lines.size() < MAX_LINES) {
        lines.add(line(topic.name() + "-" + id.partition(), before, after, delta.after()));
      } else {
        more++;
      }
    }
    if (more > 0) {
      lines.add("… and " + more + " more partitions changed their leader or ISR");
    }
    return lines;
  }

  private static boolean sameForOperators(
      PartitionRegistration before, PartitionRegistration after) {
    return before.leader() == after.leader() && before.isr().equals(after.isr());
  }

  private static String status(MetadataRecord.BrokerStatusChanged changed) {
    return "Broker "
        + changed.brokerId()
        + (changed.status() == BrokerStatus.ACTIVE
            ? " is in service"
            : " is " + changed.status().name().toLowerCase(Locale.ROOT).replace('_', ' '))
        + (changed.reason().isEmpty() ? "" : ": " + changed.reason());
  }

  private String line(
      String partition,
      PartitionRegistration before,
      PartitionRegistration after,
      MetadataImage image) {
    StringBuilder line = new StringBuilder(partition).append(": ");
    List<String> why = new ArrayList<>();
    if (before.leader() != after.leader()) {
      line.append("leader ")
          .append(named(before.leader()))
          .append(" → ")
          .append(named(after.leader()))
          .append(" in leader epoch ")
          .append(after.leaderEpoch());
      if (before.hasLeader()) {
        why.add(
            image.inService(before.leader())
                ? "broker " + before.leader() + " gave it up"
                : whyGone(before.leader()));
      } else {
        why.add("broker " + after.leader() + " may lead again");
      }
    }
    if (!before.isr().equals(after.isr())) {
      line.append(line.toString().endsWith(": ") ? "" : ", ")
          .append("ISR ")
          .append(before.isr())
          .append(" → ")
          .append(after.isr());
      String left =
          before.isr().stream()
              .filter(id -> !after.isr().contains(id))
              .map(id -> image.inService(id) ? "broker " + id + " does not keep up" : whyGone(id))
              .collect(Collectors.joining(", "));
      String joined =
          after.isr().stream()
              .filter(id -> !before.isr().contains(id))
              .map(id -> "broker " + id + " has caught up")
              .collect(Collectors.joining(", "));
      why.add(left);
      why.add(joined);
    }
    return line.append(" (")
        .append(
            why.stream()
                .filter(text -> !text.isEmpty())
                .distinct()
                .collect(Collectors.joining(", ")))
        .append(")")
        .toString();
  }

  private String whyGone(int broker) {
    String reason = reasons.getOrDefault(broker, "");
    return "broker " + broker + " is out of service" + (reason.isEmpty() ? "" : ": " + reason);
  }

  private static String named(int leader) {
    return leader == PartitionRegistration.NO_LEADER ? "none" : Integer.toString(leader);
  }
}
