// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.quorum;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.metadata.command.ControllerRequest.SettingsChange;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.image.MetadataImage;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the controller makes of settings while it runs. */
class SessionKeeperTest {
  private static final String KEY = "broker.disk-stall-timeout";
  private static final Duration STARTED = Duration.ofMillis(1_500);

  private static Duration inForce(MetadataImage image, int brokerId) {
    return SessionKeeper.stallTimeout(image.settings(), brokerId, STARTED);
  }

  @Test
  void aBrokersOwnSettingWinsOverTheClustersAndThatOverTheStart() {
    MetadataImage image = MetadataImage.EMPTY;
    assertThat(inForce(image, 1)).isEqualTo(STARTED);
    image =
        image.with(
            new MetadataRecord.SettingsConfigured(SettingsChange.CLUSTER, Map.of(KEY, "3s")));
    assertThat(inForce(image, 1)).isEqualTo(Duration.ofSeconds(3));
    image = image.with(new MetadataRecord.SettingsConfigured(1, Map.of(KEY, "800ms")));
    assertThat(inForce(image, 1)).isEqualTo(Duration.ofMillis(800));
    assertThat(inForce(image, 2)).isEqualTo(Duration.ofSeconds(3));
    // Another version may have accepted what this one does not understand.
    image = image.with(new MetadataRecord.SettingsConfigured(1, Map.of(KEY, "1ns")));
    assertThat(inForce(image, 1)).isEqualTo(STARTED);
  }
}
