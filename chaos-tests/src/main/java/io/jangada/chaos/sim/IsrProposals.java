// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerIdAndEpoch;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.Refusal;
import io.jangada.replication.core.BrokerView;
import io.jangada.replication.core.IsrChangeOutcome;
import io.jangada.replication.core.PartitionEffect;
import io.jangada.replication.core.PartitionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries ISR changes and resignations to the quorum, and its answers, or their absence, back. */
final class IsrProposals {
  private static final long TIMEOUT_MS = 400;

  private IsrProposals() {}

  /**
   * Proposes once; the answer may come late and more than once.
   *
   * @param heldMs how much later than usual the quorum gets it
   */
  static void propose(
      SimCluster cluster,
      SimBroker leader,
      TopicIdPartition partition,
      PartitionEffect.ProposeIsrChange proposal,
      long heldMs,
      Consumer<PartitionEvent> answered) {
    List<BrokerIdAndEpoch> isr = new ArrayList<>();
    for (BrokerView member : proposal.isr()) {
      isr.add(new BrokerIdAndEpoch(member.brokerId(), member.brokerEpoch()));
    }
    ControllerRequest request =
        new ControllerRequest.AlterIsr(
            leader.id(),
            leader.brokerEpoch(),
            List.of(
                new ControllerRequest.IsrChange(
                    partition, proposal.leaderEpoch(), proposal.partitionEpoch(), isr)));
    cluster
        .quorum()
        .call(
            leader.id(),
            request,
            TIMEOUT_MS,
            heldMs,
            answer ->
                answered.accept(
                    new PartitionEvent.IsrChangeAnswered(
                        proposal.changeId(), outcome(cluster.counters(), answer))));
  }

  /** Asks once for another leader; nobody waits for the answer. */
  static void resign(
      SimCluster cluster,
      SimBroker leader,
      TopicIdPartition partition,
      PartitionEffect.Resign resignation) {
    cluster.counters().count(Counter.RESIGNATIONS);
    ControllerRequest request =
        new ControllerRequest.Resign(
            leader.id(),
            leader.brokerEpoch(),
            List.of(new ControllerRequest.Leadership(partition, resignation.leaderEpoch())));
    cluster.quorum().call(leader.id(), request, TIMEOUT_MS, answer -> {});
  }

  private static IsrChangeOutcome outcome(Counters counters, @Nullable ControllerAnswer answer) {
    if (answer instanceof ControllerAnswer.IsrAltered altered) {
      Refusal refusal = altered.results().getFirst().refusal();
      if (refusal == null) {
        counters.count(Counter.ISR_CHANGES);
        return new IsrChangeOutcome.Accepted(altered.index());
      }
      return rejected(counters, refusal, altered.index());
    }
    if (answer instanceof ControllerAnswer.Failed failed) {
      return rejected(counters, failed.refusal(), failed.index());
    }
    counters.count(Counter.UNKNOWN_ISR_CHANGES);
    return new IsrChangeOutcome.Unknown();
  }

  private static IsrChangeOutcome rejected(Counters counters, Refusal refusal, long index) {
    counters.count(Counter.REJECTED_ISR_CHANGES);
    if (refusal.code() != ErrorCode.INVALID_UPDATE_VERSION
        && refusal.code() != ErrorCode.FENCED_LEADER_EPOCH) {
      counters.count(Counter.INELIGIBLE_MEMBERS);
    }
    return new IsrChangeOutcome.Rejected(refusal.code(), index);
  }
}
