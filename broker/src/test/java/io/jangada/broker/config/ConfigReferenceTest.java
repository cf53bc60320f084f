// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
  /** Run with {@code -Djangada.docs.update=true} to write the page instead of comparing it. */
  private static final String UPDATE_PROPERTY = "jangada.docs.update";

  @Test
  void thePageIsUpToDate() throws IOException {
    Path page = Path.of("../docs/CONFIGURATION.md");
    if (Boolean.getBoolean(UPDATE_PROPERTY)) {
      Files.createDirectories(page.getParent());
      Files.writeString(page, ConfigReference.markdown());
    }
    assertThat(page)
        .as("docs/CONFIGURATION.md; write it anew with -D%s=true", UPDATE_PROPERTY)
        .hasContent(ConfigReference.markdown());
  }
}
