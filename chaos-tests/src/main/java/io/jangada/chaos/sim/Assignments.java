// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.replication.core.BrokerView;
import io.jangada.replication.core.PartitionAssignment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Says in the words of the replicas what the metadata says. */
final class Assignments {
  private Assignments() {}

  /** Every partition of which the broker holds a replica. */
  static void of(
      MetadataImage image,
      int brokerId,
      BiConsumer<TopicIdPartition, PartitionAssignment> visitor) {
    image.forEachPartition(
        (partition, registration) -> {
          if (!registration.replicas().contains(brokerId)) {
            return;
          }
          List<BrokerView> replicas = new ArrayList<>();
          for (int replica : registration.replicas()) {
            BrokerRegistration broker = image.broker(replica);
            replicas.add(
                broker == null
                    ? new BrokerView(replica, BrokerView.NOT_REGISTERED, false)
                    : new BrokerView(replica, broker.brokerEpoch(), broker.inService()));
          }
          int minInsyncReplicas =
              image.topics().get(partition.topicId()).typedConfigs().minInsyncReplicas();
          visitor.accept(
              partition,
              new PartitionAssignment(
                  image.index(),
                  registration.leader(),
                  registration.leaderEpoch(),
                  registration.partitionEpoch(),
                  registration.isr(),
                  minInsyncReplicas,
                  replicas));
        });
  }

  /** Whether they differ in nothing but the index. */
  static boolean same(PartitionAssignment one, PartitionAssignment other) {
    return one.leaderEpoch() == other.leaderEpoch()
        && one.partitionEpoch() == other.partitionEpoch()
        && one.minInsyncReplicas() == other.minInsyncReplicas()
        && one.replicas().equals(other.replicas());
  }
}
