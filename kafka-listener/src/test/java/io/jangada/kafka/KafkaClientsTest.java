// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own clients against one node. */
class KafkaClientsTest {
  @TempDir static Path directory;
  private static RunningNode node;

  @BeforeAll
  static void start() throws Exception {
    node = RunningNode.start(directory);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void theAdminClientLearnsOfBrokersAndTopics() throws Exception {
    try (Admin admin = Admin.create(node.clientConfig())) {
      assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS)).isEmpty();
    }
  }
}
