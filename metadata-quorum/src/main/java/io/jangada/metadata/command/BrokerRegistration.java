// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.command;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A broker as the metadata knows it. Immutable.
 *
 * @param brokerId chosen by the operator, from 0
 * @param brokerEpoch the index of the entry that registered this incarnation, {@link #UNASSIGNED}
 *     until it is applied
 * @param incarnation drawn by each process at its start
 * @param status what it may do
 * @param profile what others need to know of it
 * @param provenance what its rights rest on
 * @param unfit the log directories that this incarnation cannot rely on, in the order in which it
 *     said so
 */
public record BrokerRegistration(
    int brokerId,
    long brokerEpoch,
    UUID incarnation,
    BrokerStatus status,
    BrokerProfile profile,
    Provenance provenance,
    List<UnfitDirectory> unfit) {
  /** The epoch before the entry has its index, and of a broker that is not registered. */
  public static final long UNASSIGNED = -1;

  /** The incarnation of no process: the metadata was restored, and the broker not seen since. */
  public static final UUID RESTORED = new UUID(0, 0);

  /** Copies the list. */
  public BrokerRegistration {
    unfit = List.copyOf(unfit);
  }

  /** A registration all of whose log directories are fit. */
  public BrokerRegistration(
      int brokerId,
      long brokerEpoch,
      UUID incarnation,
      BrokerStatus status,
      BrokerProfile profile,
      Provenance provenance) {
    this(brokerId, brokerEpoch, incarnation, status, profile, provenance, List.of());
  }

  /** Whether it may be elected and may join an ISR. */
  public boolean inService() {
    return status == BrokerStatus.ACTIVE;
  }

  /** The same registration, with the index of its entry. */
  public BrokerRegistration withBrokerEpoch(long epoch) {
    return new BrokerRegistration(brokerId, epoch, incarnation, status, profile, provenance, unfit);
  }

  /** The same registration in another status. */
  public BrokerRegistration withStatus(BrokerStatus newStatus) {
    return new BrokerRegistration(
        brokerId, brokerEpoch, incarnation, newStatus, profile, provenance, unfit);
  }

  /** The same registration, with a log directory that cannot be relied on any more. */
  public BrokerRegistration withUnfit(UnfitDirectory directory) {
    List<UnfitDirectory> all = new ArrayList<>(unfit);
    all.removeIf(known -> known.directoryId().equals(directory.directoryId()));
    all.add(directory);
    return new BrokerRegistration(
        brokerId, brokerEpoch, incarnation, status, profile, provenance, all);
  }
}
