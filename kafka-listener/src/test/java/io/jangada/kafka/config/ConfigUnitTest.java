// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Numbers there, texts with units here. */
class ConfigUnitTest {
  @Test
  void valuesGoBothWays() {
    assertThat(ConfigUnit.MILLISECONDS.toKafka("10s")).isEqualTo("10000");
    assertThat(ConfigUnit.MILLISECONDS.fromKafka(" 10000 ")).isEqualTo("10s");
    assertThat(ConfigUnit.BYTES.toKafka("64MiB")).isEqualTo("67108864");
    assertThat(ConfigUnit.BYTES.fromKafka("67108864")).isEqualTo("64MiB");
    assertThat(ConfigUnit.SAME.fromKafka("x")).isEqualTo("x");
  }

  @Test
  void whatIsNoNumberIsLeftToWhoeverChecksIt() {
    assertThat(ConfigUnit.MILLISECONDS.fromKafka("soon")).isEqualTo("soon");
    assertThat(ConfigUnit.BYTES.fromKafka("-1")).isEqualTo("-1");
    assertThat(ConfigUnit.BYTES.toKafka("")).isEmpty();
  }
}
