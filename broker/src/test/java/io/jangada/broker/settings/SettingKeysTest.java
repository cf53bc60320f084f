// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.broker.config.ConfigEntry;
import io.jangada.metadata.image.SettingKey;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A key that changes while the node runs is declared for its start and for the controller. */
class SettingKeysTest {
  @Test
  void bothDeclarationsSayTheSame() {
    List<ConfigEntry> changeable =
        ConfigEntry.of(Map.of()).stream().filter(key -> key.fixedBecause().isEmpty()).toList();
    List<SettingKey> ofBrokers =
        Arrays.stream(SettingKey.values())
            .filter(key -> key.level() == SettingKey.Level.BROKER)
            .toList();
    assertThat(changeable)
        .extracting(ConfigEntry::key)
        .containsExactlyInAnyOrderElementsOf(ofBrokers.stream().map(SettingKey::key).toList());
    for (ConfigEntry entry : changeable) {
      SettingKey key = SettingKey.of(entry.key());
      assertThat(key).isNotNull();
      assertThat(key.accepted().accepts(entry.defaultText())).isTrue();
      if (key != SettingKey.LOGGING_LEVEL) {
        assertThat(key.accepted().expected()).isEqualTo(entry.expected());
      }
    }
  }
}
