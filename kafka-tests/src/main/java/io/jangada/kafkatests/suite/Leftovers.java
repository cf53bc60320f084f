// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafkatests.suite;

import io.jangada.kafkatests.conversation.TopicWatch;
import io.jangada.kafkatests.reference.SpokenTo;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.config.ConfigResource;

/** What a test leaves behind in its cluster: groups, topics, settings of brokers. */
final class Leftovers {
  private static final ConfigResource ALL_BROKERS =
      new ConfigResource(ConfigResource.Type.BROKER, "");

  private Leftovers() {}

  /**
   * Removes it all, so that the next test finds what it would find in a new cluster.
   *
   * @param settings of all brokers, which every test of the cluster wants
   * @throws IOException if it cannot be removed, such as a group that still has members
   */
  static void remove(SpokenTo cluster, Set<String> settings)
      throws IOException, InterruptedException {
    try (Admin admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.bootstrap()))) {
      List<String> groups =
          admin.listGroups().all().get().stream().map(GroupListing::groupId).toList();
      if (!groups.isEmpty()) {
        admin.deleteConsumerGroups(groups).all().get();
      }
      // Internal ones are not listed, and stay: they belong to the brokers.
      Set<String> topics = admin.listTopics().names().get();
      if (!topics.isEmpty()) {
        admin.deleteTopics(topics).all().get();
      }
      for (String topic : topics) {
        TopicWatch.awaitGone(cluster, cluster.ids(), topic);
      }
      Set<String> set =
          admin
              .describeConfigs(List.of(ALL_BROKERS))
              .all()
              .get()
              .get(ALL_BROKERS)
              .entries()
              .stream()
              .filter(
                  entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG)
              .map(ConfigEntry::name)
              .collect(Collectors.toSet());
      if (!set.equals(settings)) {
        throw new IOException("settings of all brokers were changed to those of " + set);
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }
}
