// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunMarkTest {
  private static final UUID BOOT = new UUID(1, 1);
  private static final UUID OTHER_BOOT = new UUID(2, 2);

  @TempDir Path directory;

  @Test
  void theFirstRunHasNoPredecessor() {
    assertThat(begin(BOOT).previous())
        .isEqualTo(new PreviousRun(false, false, OptionalLong.empty()));
  }

  @Test
  void startsAreCounted() throws IOException {
    assertThat(begin(BOOT).number()).isEqualTo(1);
    RunMark second = begin(OTHER_BOOT);
    assertThat(second.number()).isEqualTo(2);
    second.registered(42);
    second.endCleanly();
    assertThat(begin(BOOT).number()).isEqualTo(3);
    Files.writeString(directory.resolve("run.properties"), "state=running\nrun=many");
    assertThat(begin(BOOT).number()).as("a count that was lost").isZero();
    assertThat(begin(BOOT).number()).as("does not begin anew").isZero();
  }

  @Test
  void aCleanEndNamesTheLastBrokerEpoch() {
    RunMark run = begin(BOOT);
    run.registered(41);
    run.registered(42);
    run.endCleanly();

    assertThat(begin(BOOT).previous()).isEqualTo(new PreviousRun(true, true, OptionalLong.of(42)));
  }

  @Test
  void aKilledProcessLeavesAnUncleanEnd() {
    begin(BOOT).registered(42);

    assertThat(begin(BOOT).previous()).isEqualTo(new PreviousRun(true, true, OptionalLong.empty()));
  }

  @Test
  void aRebootIsNoticed() {
    begin(BOOT).registered(42);

    assertThat(begin(OTHER_BOOT).previous().sameBoot()).isFalse();
  }

  @Test
  void aRunThatNeverRegisteredKeepsTheMarkItFound() {
    RunMark first = begin(BOOT);
    first.registered(42);
    first.endCleanly();
    begin(BOOT).endCleanly();
    assertThat(begin(BOOT).previous().cleanBrokerEpoch()).hasValue(42);

    begin(BOOT).endCleanly();
    assertThat(begin(BOOT).previous().cleanBrokerEpoch())
        .as("the run before had not ended cleanly")
        .isEmpty();
  }

  @Test
  void aDamagedMarkCountsAsTheWorst() throws IOException {
    Files.writeString(directory.resolve(RunMark.FILE_NAME), "state=clean\nbroker.epoch=many\n");

    assertThat(begin(BOOT).previous())
        .isEqualTo(new PreviousRun(true, false, OptionalLong.empty()));
  }

  @Test
  void aMachineWithoutABootIdIsTakenForRebooted() {
    Path none = directory.resolve("none");
    assertThat(BootId.read(none)).isNotEqualTo(BootId.read(none));
    assertThat(BootId.read()).isEqualTo(BootId.read());
  }

  @Test
  void aTestMayCutThePowerWithoutBootingTheMachine() {
    System.setProperty(BootId.TEST_PROPERTY, BOOT.toString());
    try {
      assertThat(BootId.read()).isEqualTo(BOOT);
    } finally {
      System.clearProperty(BootId.TEST_PROPERTY);
    }
    assertThat(BootId.read()).isNotEqualTo(BOOT);
  }

  private RunMark begin(UUID bootId) {
    return RunMark.begin(directory, UUID.randomUUID(), bootId);
  }
}
