// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.metadata.command.ControllerAnswer.ProducerIds;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ProducerIdBlocksTest {
  private final ScriptedController controller = new ScriptedController();
  private final ProducerIdBlocks ids = new ProducerIdBlocks(1, () -> 11, controller);

  @Test
  void asksOnceAndHandsOutTheWholeBlockBeforeTheNext() {
    List<CompletableFuture<Long>> waiting =
        List.of(ids.nextProducerId(), ids.nextProducerId(), ids.nextProducerId());
    ScriptedController.Call first = controller.next();
    assertThat(controller.isIdle()).isTrue();

    first.answer().complete(new ProducerIds(1, 1000, 2));
    assertThat(waiting.get(0).join()).isEqualTo(1000);
    assertThat(waiting.get(1).join()).isEqualTo(1001);
    assertThat(waiting.get(2)).isNotDone();

    controller.next().answer().complete(new ProducerIds(2, 5000, 2));
    assertThat(waiting.get(2).join()).isEqualTo(5000);
    assertThat(ids.nextProducerId().join()).isEqualTo(5001);
    assertThat(controller.isIdle()).isTrue();
  }

  @Test
  void aFailureIsToldToThoseWhoWaitAndTheNextAsksAgain() {
    CompletableFuture<Long> refused = ids.nextProducerId();
    controller
        .next()
        .answer()
        .completeExceptionally(new JangadaException(ErrorCode.QUORUM_UNAVAILABLE, "no leader"));
    assertThatThrownBy(refused::join).hasMessageContaining("no leader");

    CompletableFuture<Long> again = ids.nextProducerId();
    controller.next().answer().complete(new ProducerIds(1, 7, 1));
    assertThat(again.join()).isEqualTo(7);
  }
}
