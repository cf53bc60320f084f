// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import io.jangada.common.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The leader's side of ISR changes: one proposal in flight, compare-and-set on the partition epoch,
 * answers that act only once the local metadata has caught up with them (KIP-497). Who is to join
 * or leave is decided by {@link LeaderReplica}.
 */
final class LeaderIsr {
  private final ReplicaConfig config;
  private final AttemptNumbers changeIds;
  private PartitionAssignment assignment;
  private IsrState state;
  private long metadataIndex;
  private long notBeforeMs;

  LeaderIsr(ReplicaConfig config, AttemptNumbers changeIds, PartitionAssignment assignment) {
    this.config = config;
    this.changeIds = changeIds;
    this.assignment = assignment;
    this.state = new IsrState.Committed(assignment.isr());
    this.metadataIndex = assignment.metadataIndex();
  }

  IsrState state() {
    return state;
  }

  PartitionAssignment assignment() {
    return assignment;
  }

  /** Rule 7: an ISR below this size commits nothing. */
  boolean enoughCommitted() {
    return state.committed().size() >= assignment.requiredIsrSize();
  }

  /** Whether a new proposal may be made. */
  boolean mayPropose(long nowMs) {
    return state instanceof IsrState.Committed && nowMs >= notBeforeMs;
  }

  /** Whether an answer waits for the local metadata to reach it. */
  boolean awaitsMetadata() {
    InFlight change = inFlight();
    return change != null && change.settledAtIndex() != InFlight.UNSETTLED;
  }

  /** Takes newer metadata of the same leader epoch. */
  void assigned(PartitionAssignment newer) {
    boolean changed = newer.partitionEpoch() > assignment.partitionEpoch();
    assignment = newer;
    if (changed) {
      // Whatever was in flight for the older epoch is either in here or can never happen.
      state = new IsrState.Committed(newer.isr());
    }
    metadataReached(newer.metadataIndex());
  }

  void metadataReached(long index) {
    metadataIndex = Math.max(metadataIndex, index);
    InFlight change = inFlight();
    if (change != null && change.settledAtIndex() <= metadataIndex) {
      state = new IsrState.Committed(assignment.isr());
    }
  }

  void proposeGrow(List<Integer> joining, List<PartitionEffect> out) {
    List<Integer> wanted = new ArrayList<>(state.committed());
    wanted.addAll(joining);
    wanted = List.copyOf(wanted);
    InFlight change = InFlight.proposed(changeIds.next(), views(wanted));
    state = new IsrState.PendingGrow(state.committed(), wanted, change);
    propose(change, out);
  }

  void proposeShrink(List<Integer> leaving, List<PartitionEffect> out) {
    List<Integer> wanted = new ArrayList<>(state.committed());
    wanted.removeAll(leaving);
    InFlight change = InFlight.proposed(changeIds.next(), views(wanted));
    state = new IsrState.PendingShrink(state.committed(), change);
    propose(change, out);
  }

  void answered(long changeId, IsrChangeOutcome outcome, long nowMs) {
    InFlight change = inFlight();
    if (change == null || change.changeId() != changeId) {
      return;
    }
    switch (outcome) {
      case IsrChangeOutcome.Accepted ignored -> {
        // The metadata itself brings the change; until then the maximal set stands.
      }
      case IsrChangeOutcome.Rejected rejected -> rejected(change, rejected, nowMs);
      case IsrChangeOutcome.Unknown ignored ->
          replace(change.unknown(change.wanted(), nowMs + config.retryBackoffMs()));
    }
  }

  /** Proposes again what has an unknown outcome. */
  void retry(long nowMs, List<PartitionEffect> out) {
    InFlight change = inFlight();
    if (change != null && nowMs >= change.retryAtMs()) {
      InFlight again = change.proposedAgain(changeIds.next());
      replace(again);
      propose(again, out);
    }
  }

  private void rejected(InFlight change, IsrChangeOutcome.Rejected rejected, long nowMs) {
    notBeforeMs = nowMs + config.retryBackoffMs();
    if (!change.uncertain()) {
      replace(change.rejectedAt(rejected.metadataIndex()));
      metadataReached(metadataIndex);
    } else if (rejected.code() != ErrorCode.INVALID_UPDATE_VERSION) {
      // An earlier proposal may still be carried out. Asking for the committed ISR raises the
      // partition epoch, after which it cannot.
      replace(change.unknown(views(state.committed()), nowMs + config.retryBackoffMs()));
    }
  }

  private void propose(InFlight change, List<PartitionEffect> out) {
    out.add(
        new PartitionEffect.ProposeIsrChange(
            change.changeId(),
            assignment.leaderEpoch(),
            assignment.partitionEpoch(),
            change.wanted()));
  }

  /** The brokers in the incarnations that the metadata knows now. */
  private List<BrokerView> views(List<Integer> brokerIds) {
    List<BrokerView> views = new ArrayList<>(brokerIds.size());
    for (Integer brokerId : brokerIds) {
      BrokerView view = assignment.replica(brokerId);
      views.add(view != null ? view : new BrokerView(brokerId, BrokerView.NOT_REGISTERED, false));
    }
    return List.copyOf(views);
  }

  private @Nullable InFlight inFlight() {
    return switch (state) {
      case IsrState.Committed ignored -> null;
      case IsrState.PendingGrow grow -> grow.change();
      case IsrState.PendingShrink shrink -> shrink.change();
    };
  }

  private void replace(InFlight change) {
    state =
        switch (state) {
          case IsrState.Committed committed -> committed;
          case IsrState.PendingGrow grow ->
              new IsrState.PendingGrow(grow.committed(), grow.maximal(), change);
          case IsrState.PendingShrink shrink ->
              new IsrState.PendingShrink(shrink.committed(), change);
        };
  }
}
