// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.cli.FakeClient;
import io.jangada.cli.FakeLog;
import io.jangada.client.ConsumerRecord;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import io.jangada.launcher.OutageProbe;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is made of a load whose records are lost, repeated or refused. */
@Timeout(20)
class ClientMeasurementTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int GAP_MS = 120;

  private final FakeLog log = new FakeLog();
  private final FakeClient client = new FakeClient(log);
  private final List<TopicPartition> both =
      List.of(new TopicPartition(FakeLog.TOPIC, 0), new TopicPartition(FakeLog.TOPIC, 1));

  @Test
  void aCalmLoadLosesAndRepeatsNothing() throws Exception {
    OutageProbe.Outage outage = measure(() -> {});
    assertThat(outage.acknowledged()).isGreaterThanOrEqualTo(4);
    assertThat(outage.lost()).isZero();
    assertThat(outage.duplicated()).isZero();
  }

  @Test
  void lostAndRepeatedRecordsAreCounted() throws Exception {
    OutageProbe.Outage outage =
        measure(
            () ->
                log.change(
                    0,
                    records -> {
                      ConsumerRecord lost = records.get(0);
                      ConsumerRecord repeated = records.get(1);
                      records.set(0, repeated);
                      assertThat(lost).isNotEqualTo(repeated);
                    }));
    assertThat(outage.lost()).isEqualTo(1);
    assertThat(outage.duplicated()).isEqualTo(1);
  }

  @Test
  void theLongestTimeWithoutAnAcknowledgementIsTold() throws Exception {
    OutageProbe.Outage outage =
        measure(() -> log.change(1, records -> sleep())); // appends wait for the log
    assertThat(outage.longestGapMs()).isGreaterThanOrEqualTo(GAP_MS);
  }

  @Test
  void withoutAnAcknowledgementItSaysSo() throws Exception {
    log.refuseFrom(0);
    ProbeLoad load = new ProbeLoad(client, both);
    load.start();
    assertThatThrownBy(() -> load.awaitAcknowledged(Duration.ofMillis(50)))
        .isInstanceOf(JangadaException.class)
        .extracting(e -> ((JangadaException) e).code())
        .isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
    load.stop();
    assertThat(load.acknowledged().isEmpty()).isTrue();
  }

  private OutageProbe.Outage measure(Runnable death) throws InterruptedException {
    ProbeLoad load = new ProbeLoad(client, both);
    load.start();
    load.awaitAcknowledged(PATIENCE);
    load.awaitAcknowledged(PATIENCE);
    try (ClientMeasurement measurement =
        new ClientMeasurement(client, FakeLog.TOPIC, load, PATIENCE)) {
      death.run();
      return measurement.finish();
    }
  }

  private static void sleep() {
    try {
      TimeUnit.MILLISECONDS.sleep(GAP_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
