// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.reference;

import io.jangada.chaos.live.LocalCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/** Jangada from this build's distribution, in processes of its own. */
public final class JangadaUnderTest implements SpokenTo {
  /** What the reference is started with, where that is not a default of both. */
  public static final Map<String, String> LIKE_THE_REFERENCE =
      Map.of("node.rack", "rack-" + LocalCluster.OWN_ID, "groups.initial-rebalance-delay", "0s");

  private final LocalCluster cluster;

  private JangadaUnderTest(LocalCluster cluster) {
    this.cluster = cluster;
  }

  /** Starts so many brokers with these settings and waits until they serve. */
  public static JangadaUnderTest start(int brokers, Map<String, String> settings)
      throws IOException, InterruptedException {
    return new JangadaUnderTest(
        LocalCluster.start(LocalCluster.Options.ofTest(brokers).withSettings(settings)));
  }

  /** Sets what holds for all brokers, under Kafka's names. */
  public void set(Map<String, String> configs) throws IOException, InterruptedException {
    if (configs.isEmpty()) {
      return;
    }
    try (Admin admin =
        Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap()))) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.BROKER, ""),
                  configs.entrySet().stream()
                      .map(
                          each ->
                              new AlterConfigOp(
                                  new ConfigEntry(each.getKey(), each.getValue()),
                                  AlterConfigOp.OpType.SET))
                      .toList()))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new IOException("cannot set " + configs, e.getCause());
    }
  }

  /** The processes. */
  public LocalCluster cluster() {
    return cluster;
  }

  @Override
  public String name() {
    return "jangada";
  }

  @Override
  public List<InetSocketAddress> brokers() {
    return cluster.nodes().stream()
        .map(
            node ->
                new InetSocketAddress(InetAddress.getLoopbackAddress(), node.plan().kafkaPort()))
        .toList();
  }

  @Override
  public void close() throws IOException {
    cluster.close();
  }
}
