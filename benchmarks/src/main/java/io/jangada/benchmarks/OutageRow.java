// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import io.jangada.chaos.live.LocalCluster;
import io.jangada.client.ClientConfig;
import io.jangada.client.JangadaClient;
import java.util.ArrayList;
import java.util.List;

/** How long a partition is away when its leader is killed. */
final class OutageRow implements Row {
  private static final int ROUNDS = 3;

  @Override
  public void measure(Figures figures) throws Exception {
    List<Double> ofBroker = new ArrayList<>();
    List<Double> ofQuorumLeader = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      try (LocalCluster cluster = LocalCluster.start(Brokers.COUNT);
          JangadaClient client = JangadaClient.connect(ClientConfig.of(cluster.bootstrap()))) {
        Outage outage = new Outage(cluster, client);
        ofBroker.add((double) outage.ofPartitionLeader(false));
        ofQuorumLeader.add((double) outage.ofPartitionLeader(true));
      }
    }
    figures.rounds("kill -9 a leader, not the quorum's → next acknowledged", "ms", ofBroker);
    figures.rounds("kill -9 a leader that leads the quorum too → the same", "ms", ofQuorumLeader);
  }
}
