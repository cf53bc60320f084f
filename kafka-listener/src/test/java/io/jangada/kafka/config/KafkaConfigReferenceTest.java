// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;

/** docs/KAFKA-CONFIGS.md is what the code says. */
class KafkaConfigReferenceTest {
  private static final Path PAGE = Path.of("../docs/KAFKA-CONFIGS.md");

  @Test
  void thePageIsUpToDate() throws IOException {
    String page = KafkaConfigReference.markdown();
    if (Boolean.getBoolean("jangada.docs.update")) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).hasContent(page);
  }

  @Test
  @SuppressWarnings("deprecation") // Kafka's own list has one name that its brokers do not know
  void everyTopicConfigurationOfKafkaIsKnown() throws IllegalAccessException {
    String page = KafkaConfigReference.markdown();
    for (var field : TopicConfig.class.getFields()) {
      if (field.getName().endsWith("_CONFIG")
          && !field.get(null).equals(TopicConfig.MESSAGE_DOWNCONVERSION_ENABLE_CONFIG)) {
        assertThat(page).contains("| `" + field.get(null) + "` |");
      }
    }
  }
}
