// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replicas of new partitions that an operator has chosen. As in Kafka, brokers that are away may be
 * among them, as long as each partition has one that can lead it.
 */
final class ManualAssignment {
  private ManualAssignment() {}

  /**
   * Why partitions cannot begin with those replicas, or null if they can.
   *
   * @param assignments the replicas of each partition, the preferred leader first
   * @param first the number of the first of them
   * @param replicationFactor how many replicas each must have
   */
  static @Nullable Refusal check(
      MetadataImage image, List<List<Integer>> assignments, int first, int replicationFactor) {
    int partition = first;
    for (List<Integer> replicas : assignments) {
      Refusal refusal = checkOne(image, replicas, partition, replicationFactor);
      if (refusal != null) {
        return refusal;
      }
      partition++;
    }
    return null;
  }

  private static @Nullable Refusal checkOne(
      MetadataImage image, List<Integer> replicas, int partition, int replicationFactor) {
    if (replicas.isEmpty()) {
      return invalid("expected replicas for partition " + partition + ", but got none");
    }
    for (int broker : replicas) {
      if (image.broker(broker) == null) {
        return invalid(
            "expected registered brokers for partition "
                + partition
                + ", but there is no broker "
                + broker);
      }
    }
    if (new HashSet<>(replicas).size() < replicas.size()) {
      return invalid(
          "expected each broker once for partition " + partition + ", but got " + replicas);
    }
    if (replicas.size() != replicationFactor) {
      return invalid(
          "expected "
              + replicationFactor
              + " replicas for partition "
              + partition
              + ", as many as its topic's others have, but got "
              + replicas.size());
    }
    return replicas.stream().anyMatch(broker -> inService(image, broker))
        ? null
        : invalid(
            "expected a broker in service among those for partition "
                + partition
                + ", but none of "
                + replicas
                + " is");
  }

  /** A partition as it begins: whoever is in service is in sync with nothing. */
  static PartitionRegistration registration(MetadataImage image, List<Integer> replicas) {
    List<Integer> isr = replicas.stream().filter(broker -> inService(image, broker)).toList();
    return new PartitionRegistration(replicas, isr, List.of(), List.of(), isr.getFirst(), 0, 0);
  }

  private static boolean inService(MetadataImage image, int brokerId) {
    BrokerRegistration broker = image.broker(brokerId);
    return broker != null && broker.inService();
  }

  private static Refusal invalid(String message) {
    return new Refusal(
        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
        message,
        "jangada broker list shows the brokers there are; without an assignment they are chosen"
            + " evenly");
  }
}
