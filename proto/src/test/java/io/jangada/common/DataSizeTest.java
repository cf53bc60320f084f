// SPDX-License-Identifier: Apache-2.0
package io.jangada.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataSizeTest {

  @ParameterizedTest
  @CsvSource({
    "0B, 0, 0B",
    "512MiB, 536870912, 512MiB",
    "1024 kib, 1048576, 1MiB",
    "10GB, 10000000000, 9765625KiB",
    "3TiB, 3298534883328, 3TiB"
  })
  void readsAndPrints(String text, long bytes, String printed) {
    assertThat(DataSize.parse(text)).isEqualTo(new DataSize(bytes)).hasToString(printed);
    assertThat(DataSize.parse(printed).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "MiB", "-1B", "1.5GiB", "1 XiB", "9999999999999TiB"})
  void refuses(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> DataSize.parse(text));
  }

  @ParameterizedTest
  @CsvSource({"0s, 0, 0s", "1500ms, 1500, 1500ms", "120s, 120000, 2m", "7d, 604800000, 7d"})
  void durations(String text, long millis, String printed) {
    assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
    assertThat(Durations.format(Duration.ofMillis(millis))).isEqualTo(printed);
  }

  @Test
  void durationsNeedAUnit() {
    assertThatIllegalArgumentException().isThrownBy(() -> Durations.parse("10"));
    assertThatIllegalArgumentException().isThrownBy(() -> Durations.parse("-1s"));
  }
}
