// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.powerloss;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.chaos.lossy.LossyRequired;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short form of {@code make power-loss}: the power of one, two and three brokers fails under
 * load.
 */
@Tag("power-loss")
class PowerLossTest {
  @TempDir Path directory;

  @BeforeEach
  void require() throws Exception {
    LossyRequired.orSkip();
  }

  @Test
  void nothingAcknowledgedIsLost() throws Exception {
    long seed = Long.getLong("jangada.power-loss.seed", 1);
    PowerLossRun.Result result =
        new PowerLossRun(PowerLossRun.Plan.of(3, seed), directory, System.out).run();
    assertThat(result.anomalies()).isEmpty();
    assertThat(result.readErrors()).isEmpty();
    assertThat(result.acknowledged()).isPositive();
  }

  /** Else the test above would prove nothing. */
  @Test
  void withDisksThatLieAboutSyncsRecordsAreLost() throws Exception {
    PowerLossRun.Result result =
        new PowerLossRun(PowerLossRun.Plan.control(1), directory, System.out).run();
    assertThat(result.lost()).isPositive();
  }
}
