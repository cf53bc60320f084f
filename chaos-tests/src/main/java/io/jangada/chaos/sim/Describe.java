// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

/** The state of a cluster, for whoever reads a failure. */
final class Describe {
  private Describe() {}

  static String of(SimCluster cluster) {
    StringBuilder text = new StringBuilder();
    text.append(cluster.clock().nowMs()).append(" ms, metadata ");
    text.append(cluster.quorum().image().index());
    cluster
        .quorum()
        .image()
        .forEachPartition((id, partition) -> text.append("\n  ").append(id).append(partition));
    cluster
        .quorum()
        .image()
        .brokers()
        .values()
        .forEach(
            b ->
                text.append("\n  ")
                    .append(b.brokerId() + "@" + b.brokerEpoch() + " " + b.status()));
    for (SimBroker broker : cluster.brokers()) {
      text.append("\n  broker ").append(broker.id()).append(broker.isUp() ? " up" : " down");
      text.append(" epoch ").append(broker.brokerEpoch());
      text.append(" metadata ").append(broker.image().index());
      for (SimReplica replica : broker.replicas().values()) {
        text.append("\n    ").append(replica.core().partition()).append(' ');
        text.append(replica.core().role()).append(" epoch ").append(replica.core().leaderEpoch());
        text.append(" leo ").append(replica.core().logEndOffset());
        text.append(" durable ").append(replica.core().durableLogEndOffset());
        text.append(" hw ").append(replica.core().highWatermark());
        text.append(" agrees ").append(replica.log().content.agreesUpTo());
        text.append(" isr ").append(replica.core().isr());
        text.append(" maximal ").append(replica.core().maximalIsr());
        text.append(" epochs ").append(replica.core().epochs());
      }
    }
    cluster
        .truths()
        .values()
        .forEach(
            truth ->
                text.append("\n  committed ")
                    .append(truth.partition())
                    .append(" to ")
                    .append(truth.end())
                    .append(", acknowledged to ")
                    .append(truth.acknowledgedEnd()));
    return text.toString();
  }
}
