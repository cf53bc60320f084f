// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerIdAndEpoch;
import io.jangada.metadata.command.ControllerAnswer.Failed;
import io.jangada.metadata.command.ControllerAnswer.IsrAltered;
import io.jangada.metadata.command.ControllerAnswer.IsrChangeResult;
import io.jangada.metadata.command.ControllerRequest.AlterIsr;
import io.jangada.metadata.command.ControllerRequest.IsrChange;
import io.jangada.metadata.command.Refusal;
import io.jangada.replication.core.BrokerView;
import io.jangada.replication.core.IsrChangeOutcome;
import io.jangada.replication.runtime.IsrProposal;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class QuorumIsrProposalsTest {
  private static final UUID TOPIC = new UUID(1, 2);

  private final ScriptedController controller = new ScriptedController();
  private final QuorumIsrProposals proposals = new QuorumIsrProposals(1, () -> 11, controller);
  private final List<IsrChangeOutcome> outcomes = new ArrayList<>();

  @Test
  void aProposalCarriesEpochsAndMembers() {
    propose(0);
    AlterIsr request = (AlterIsr) controller.next().request();
    assertThat(request)
        .isEqualTo(
            new AlterIsr(
                1,
                11,
                List.of(
                    new IsrChange(
                        new TopicIdPartition(TOPIC, 0),
                        5,
                        6,
                        List.of(new BrokerIdAndEpoch(2, 22))))));
  }

  @Test
  void whatGathersWhileARequestIsUnderWayGoesTogether() {
    propose(0);
    propose(1);
    propose(2);
    ScriptedController.Call first = controller.next();
    assertThat(controller.isIdle()).isTrue();

    first.answer().complete(altered(40, 0, null));
    AlterIsr second = (AlterIsr) controller.next().request();
    assertThat(second.changes()).hasSize(2);
    assertThat(outcomes).containsExactly(new IsrChangeOutcome.Accepted(40));
  }

  @Test
  void aRefusedChangeIsRejectedAtItsIndex() {
    propose(0);
    controller
        .next()
        .answer()
        .complete(altered(41, 0, new Refusal(ErrorCode.INVALID_UPDATE_VERSION, "expected 7")));
    assertThat(outcomes)
        .containsExactly(new IsrChangeOutcome.Rejected(ErrorCode.INVALID_UPDATE_VERSION, 41));
  }

  @Test
  void aRefusedRequestRejectsAllOfIt() {
    propose(0);
    controller
        .next()
        .answer()
        .complete(new Failed(42, new Refusal(ErrorCode.STALE_BROKER_EPOCH, "expected epoch 12")));
    assertThat(outcomes)
        .containsExactly(new IsrChangeOutcome.Rejected(ErrorCode.STALE_BROKER_EPOCH, 42));
  }

  @Test
  void noAnswerIsAnUnknownOutcome() {
    propose(0);
    controller
        .next()
        .answer()
        .completeExceptionally(new JangadaException(ErrorCode.QUORUM_UNAVAILABLE, "no leader"));
    propose(1);
    controller
        .next()
        .answer()
        .complete(new Failed(43, new Refusal(ErrorCode.QUORUM_UNAVAILABLE, "no majority")));
    assertThat(outcomes)
        .containsExactly(new IsrChangeOutcome.Unknown(), new IsrChangeOutcome.Unknown());
  }

  private void propose(int partition) {
    proposals.propose(
        new IsrProposal(
            new TopicIdPartition(TOPIC, partition), 5, 6, List.of(new BrokerView(2, 22, true))),
        outcomes::add);
  }

  private static IsrAltered altered(long index, int partition, @Nullable Refusal refusal) {
    return new IsrAltered(
        index, List.of(new IsrChangeResult(new TopicIdPartition(TOPIC, partition), refusal)));
  }
}
