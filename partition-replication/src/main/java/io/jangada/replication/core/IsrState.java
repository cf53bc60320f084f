// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.core;

import java.util.List;

/**
 * The in-sync replicas as their leader sees them (KIP-497). While a change is in flight the high
 * watermark goes by the <em>maximal</em> set: whoever may be a member, counts.
 *
 * <pre>
 * Committed → PendingGrow    a follower has caught up
 * Committed → PendingShrink  a member lags
 * Pending…  → Committed      the metadata shows a higher partition epoch, or the quorum surely
 *                            rejected it and the metadata has reached the rejection
 * Pending…  → the same       the outcome is unknown: proposed again for the same partition epoch
 * </pre>
 */
sealed interface IsrState {
  /** The members as of the last metadata. */
  List<Integer> committed();

  /** Everyone who may be a member. */
  List<Integer> maximal();

  /** Nothing in flight. */
  record Committed(List<Integer> committed) implements IsrState {
    @Override
    public List<Integer> maximal() {
      return committed;
    }
  }

  /** Members to be added are in flight: they count at once. */
  record PendingGrow(List<Integer> committed, List<Integer> maximal, InFlight change)
      implements IsrState {}

  /** Members to be removed are in flight: they count until the change is committed. */
  record PendingShrink(List<Integer> committed, InFlight change) implements IsrState {
    @Override
    public List<Integer> maximal() {
      return committed;
    }
  }
}
