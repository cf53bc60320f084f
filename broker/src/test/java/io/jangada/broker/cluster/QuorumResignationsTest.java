// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.ControllerAnswer.Done;
import io.jangada.metadata.command.ControllerRequest.Leadership;
import io.jangada.metadata.command.ControllerRequest.Resign;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class QuorumResignationsTest {
  private static final UUID TOPIC = new UUID(1, 2);

  private final ScriptedController controller = new ScriptedController();
  private final QuorumResignations resignations = new QuorumResignations(1, () -> 11, controller);

  @Test
  void whatGathersWhileARequestIsUnderWayGoesTogetherWithItsNewestEpochs() {
    resignations.resign(id(0), 5);
    resignations.resign(id(1), 5);
    resignations.resign(id(2), 5);
    resignations.resign(id(1), 7);
    ScriptedController.Call first = controller.next();
    assertThat(first.request()).isEqualTo(new Resign(1, 11, List.of(new Leadership(id(0), 5))));
    assertThat(controller.isIdle()).isTrue();

    first.answer().complete(new Done(40));
    assertThat(controller.next().request())
        .isEqualTo(new Resign(1, 11, List.of(new Leadership(id(1), 7), new Leadership(id(2), 5))));
  }

  @Test
  void whatFailedIsNotSentAgainAndHoldsUpNothing() {
    resignations.resign(id(0), 5);
    ScriptedController.Call first = controller.next();
    resignations.resign(id(1), 5);
    first
        .answer()
        .completeExceptionally(new JangadaException(ErrorCode.QUORUM_UNAVAILABLE, "no leader"));
    assertThat(controller.next().request())
        .isEqualTo(new Resign(1, 11, List.of(new Leadership(id(1), 5))));
  }

  @Test
  void aRequestTakesNoMoreThanAnEntryDoes() {
    resignations.resign(id(0), 5);
    ScriptedController.Call first = controller.next();
    for (int partition = 1; partition <= 501; partition++) {
      resignations.resign(id(partition), 5);
    }
    first.answer().complete(new Done(40));
    ScriptedController.Call second = controller.next();
    assertThat(((Resign) second.request()).partitions()).hasSize(500);
    second.answer().complete(new Done(41));
    assertThat(((Resign) controller.next().request()).partitions()).hasSize(1);
  }

  private static TopicIdPartition id(int partition) {
    return new TopicIdPartition(TOPIC, partition);
  }
}
