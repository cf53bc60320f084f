// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import io.jangada.broker.service.ControllerGateway;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.BrokerIdAndEpoch;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerAnswer.IsrAltered;
import io.jangada.metadata.command.ControllerAnswer.IsrChangeResult;
import io.jangada.metadata.command.ControllerRequest.AlterIsr;
import io.jangada.metadata.command.ControllerRequest.IsrChange;
import io.jangada.replication.core.IsrChangeOutcome;
import io.jangada.replication.runtime.IsrProposal;
import io.jangada.replication.runtime.IsrProposals;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries ISR changes and resignations to the quorum. One request is under way at a time and takes
 * with it what has gathered meanwhile, so that a dead broker with thousands of partitions costs a
 * handful of requests. Bounded by the replicas: each has at most one proposal out. Thread-safe.
 */
final class QuorumIsrProposals implements IsrProposals {
  private static final Logger log = LoggerFactory.getLogger(QuorumIsrProposals.class);

  /** As many as one entry of the metadata log takes. */
  private static final int MAX_CHANGES_PER_REQUEST = 500;

  private final int brokerId;
  private final LongSupplier brokerEpoch;
  private final ControllerGateway controller;

  private final QuorumResignations resignations;

  private final Object lock = new Object();
  private List<Waiting> gathered = new ArrayList<>();
  private boolean underWay;

  private record Waiting(IsrProposal proposal, Consumer<IsrChangeOutcome> answer) {}

  /**
   * Proposes in the name of a broker.
   *
   * @param brokerEpoch of this process's registration
   */
  QuorumIsrProposals(int brokerId, LongSupplier brokerEpoch, ControllerGateway controller) {
    this.brokerId = brokerId;
    this.brokerEpoch = brokerEpoch;
    this.controller = controller;
    this.resignations = new QuorumResignations(brokerId, brokerEpoch, controller);
  }

  @Override
  public void propose(IsrProposal proposal, Consumer<IsrChangeOutcome> answer) {
    synchronized (lock) {
      gathered.add(new Waiting(proposal, answer));
    }
    sendGathered();
  }

  @Override
  public void resign(TopicIdPartition partition, int leaderEpoch) {
    resignations.resign(partition, leaderEpoch);
  }

  private void sendGathered() {
    List<Waiting> batch = takeBatch();
    if (batch.isEmpty()) {
      return;
    }
    List<IsrChange> changes = batch.stream().map(each -> change(each.proposal())).toList();
    var unused =
        controller
            .submit(new AlterIsr(brokerId, brokerEpoch.getAsLong(), changes))
            .handle(
                (answer, failure) -> {
                  finish(batch, answer, failure);
                  return null;
                });
  }

  private List<Waiting> takeBatch() {
    synchronized (lock) {
      if (underWay || gathered.isEmpty()) {
        return List.of();
      }
      int size = Math.min(gathered.size(), MAX_CHANGES_PER_REQUEST);
      List<Waiting> batch = List.copyOf(gathered.subList(0, size));
      gathered = new ArrayList<>(gathered.subList(size, gathered.size()));
      underWay = true;
      return batch;
    }
  }

  private void finish(
      List<Waiting> batch, @Nullable ControllerAnswer answer, @Nullable Throwable failure) {
    synchronized (lock) {
      underWay = false;
    }
    Map<TopicIdPartition, IsrChangeOutcome> outcomes = outcomes(answer);
    IsrChangeOutcome others = failure == null ? ofAnswer(answer) : ofFailure(failure);
    for (Waiting each : batch) {
      each.answer().accept(outcomes.getOrDefault(each.proposal().partition(), others));
    }
    sendGathered();
  }

  private static Map<TopicIdPartition, IsrChangeOutcome> outcomes(
      @Nullable ControllerAnswer answer) {
    Map<TopicIdPartition, IsrChangeOutcome> outcomes = new HashMap<>();
    if (answer instanceof IsrAltered altered) {
      for (IsrChangeResult result : altered.results()) {
        outcomes.put(
            result.partition(),
            result.refusal() == null
                ? new IsrChangeOutcome.Accepted(altered.index())
                : new IsrChangeOutcome.Rejected(result.refusal().code(), altered.index()));
      }
    }
    return outcomes;
  }

  private static IsrChangeOutcome ofAnswer(@Nullable ControllerAnswer answer) {
    return answer instanceof ControllerAnswer.Failed failed && failed.refusal().code().definite()
        ? new IsrChangeOutcome.Rejected(failed.refusal().code(), failed.index())
        : new IsrChangeOutcome.Unknown();
  }

  /**
   * Nobody says at which index a change failed that never got an answer: its outcome is unknown.
   */
  private static IsrChangeOutcome ofFailure(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof JangadaException) {
      log.warn("ISR changes were not answered and will be proposed again: {}", cause.getMessage());
    } else {
      log.error("ISR changes failed unexpectedly and will be proposed again", cause);
    }
    return new IsrChangeOutcome.Unknown();
  }

  private static IsrChange change(IsrProposal proposal) {
    return new IsrChange(
        proposal.partition(),
        proposal.leaderEpoch(),
        proposal.partitionEpoch(),
        proposal.isr().stream()
            .map(member -> new BrokerIdAndEpoch(member.brokerId(), member.brokerEpoch()))
            .toList());
  }
}
