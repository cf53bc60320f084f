// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.ConditionalBatch;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.ControllerRequest.SettingsChange;
import io.jangada.metadata.command.FeatureRange;
import io.jangada.metadata.command.MetadataRecord;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.machine.Applied;
import io.jangada.metadata.machine.ItemResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokerRemovalTest {
  private final MetadataFixture metadata = MetadataFixture.withBrokers(1, 2, 3);

  private ControllerAnswer remove(int brokerId, boolean validateOnly) {
    return metadata.ask(new ControllerRequest.RemoveBroker(brokerId, validateOnly));
  }

  private Refusal refused(int brokerId) {
    assertThat(remove(brokerId, true)).as("checked").isInstanceOf(ControllerAnswer.Failed.class);
    return ((ControllerAnswer.Failed) remove(brokerId, false)).refusal();
  }

  @Test
  void nobodyIsForgottenOnWhomSomethingRelies() {
    for (String name : List.of("a", "b", "c", "d", "e", "f", "g")) {
      metadata.create(name, 2, 3);
    }
    assertThat(refused(9).code()).isEqualTo(ErrorCode.UNKNOWN_NODE);
    assertThat(refused(3).code()).isEqualTo(ErrorCode.UNSAFE);
    assertThat(refused(3).message()).contains("to be stopped, but it is ACTIVE");
    metadata.fence(3);
    metadata.sweep();
    assertThat(refused(3).code()).isEqualTo(ErrorCode.UNSAFE);
    assertThat(refused(3).message()).contains("it has 14, of ").contains("and 2 more topics");
  }

  @Test
  void whoIsForgottenMayComeBackAsNew() {
    metadata.start(4);
    long epoch = metadata.epoch(4);
    metadata.ask(
        new ControllerRequest.AlterSettings(
            List.of(new SettingsChange(4, Map.of("logging.level", "warn"), List.of())), false));
    metadata.fence(4);
    MetadataImage before = metadata.image();
    assertThat(remove(4, true)).isEqualTo(new ControllerAnswer.Done(before.index()));
    assertThat(metadata.image()).isEqualTo(before);
    assertThat(remove(4, false)).isInstanceOf(ControllerAnswer.Done.class);
    assertThat(metadata.image().broker(4)).isNull();
    assertThat(metadata.image().settings().of(4)).isEmpty();
    assertThat(refused(4).code()).isEqualTo(ErrorCode.UNKNOWN_NODE);
    assertThat(metadata.register(4)).isGreaterThan(epoch);
  }

  @Test
  void whoComesBackMeanwhileStays() {
    metadata.start(4);
    metadata.fence(4);
    MetadataImage looked = metadata.image();
    Decision.Propose inService =
        (Decision.Propose)
            Controller.decide(looked, new ControllerRequest.RemoveBroker(4, false), 1);
    metadata.unfence(4);
    assertThat(rejection(inService.batch()).code()).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION);
    metadata.fence(4);
    metadata.register(4);
    assertThat(rejection(inService.batch()).code()).isEqualTo(ErrorCode.STALE_BROKER_EPOCH);
    assertThat(metadata.image().broker(4)).isNotNull();
  }

  private Refusal rejection(ConditionalBatch batch) {
    Applied applied = metadata.append(batch);
    return ((ItemResult.Rejected) applied.results().getFirst()).refusal();
  }

  @Test
  void olderVersionsWouldNotUnderstandIt() {
    metadata.start(4);
    metadata.fence(4);
    List<MetadataRecord> records =
        metadata.image().toRecords().stream()
            .map(
                record ->
                    record instanceof MetadataRecord.FeatureLevelSet
                        ? new MetadataRecord.FeatureLevelSet(FeatureRange.BROKER_REMOVED - 1)
                        : record)
            .toList();
    MetadataImage older = MetadataImage.ofRecords(metadata.image().index(), records);
    Decision decision = Controller.decide(older, new ControllerRequest.RemoveBroker(4, false), 1);
    assertThat(((Decision.Answer) decision).answer())
        .isInstanceOfSatisfying(
            ControllerAnswer.Failed.class,
            failed -> assertThat(failed.refusal().code()).isEqualTo(ErrorCode.UNSUPPORTED));
  }
}
