// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonLogEncoderTest {
  @Test
  void aLineIsOneObjectWhateverIsLogged() throws Exception {
    String message = "a \"quoted\" \\ line\nwith\tcontrols\u0001, \u2028 and é";
    LoggingEvent event =
        new LoggingEvent(
            "x",
            new LoggerContext().getLogger("io.jangada.Some"),
            Level.WARN,
            message,
            new IllegalStateException("why"),
            null);
    String line = new String(new JsonLogEncoder().encode(event), StandardCharsets.UTF_8);
    assertThat(line).endsWith("}\n");
    assertThat(line.substring(0, line.length() - 1)).doesNotContain("\n", "\u2028", "\u0001");
    JsonNode json = new ObjectMapper().readTree(line);
    assertThat(json.get("message").asText()).isEqualTo(message);
    assertThat(json.get("level").asText()).isEqualTo("WARN");
    assertThat(json.get("logger").asText()).isEqualTo("io.jangada.Some");
    assertThat(json.get("error").asText()).contains("IllegalStateException: why");
    assertThat(json.get("time").asText()).matches("\\d{4}-\\d{2}-\\d{2}T.*Z");
  }
}
