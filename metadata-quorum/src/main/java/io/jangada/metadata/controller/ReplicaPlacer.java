// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.PartitionRegistration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where the replicas of new partitions go. Leaders take turns on a ring of the brokers on which
 * racks alternate: next is who leads the fewest of the topic. The others of a partition go to racks
 * that it does not have yet, there to the broker with the fewest replicas of the topic. Brokers
 * that are away come last, and only where those in service are too few: their replicas catch up
 * when they are back, and never lead before.
 *
 * <p>Not thread-safe; one for each topic and request.
 */
final class ReplicaPlacer {
  private final List<BrokerRegistration> ring;
  private final List<BrokerRegistration> away;
  private final Map<Integer, Integer> load = new HashMap<>();
  private final Map<Integer, Integer> preferred = new HashMap<>();

  /**
   * A placement over those brokers.
   *
   * @param brokers all that are registered, at least as many as replicas are asked for, at least
   *     one of them in service
   * @param seed so that not every topic begins with the same broker
   */
  ReplicaPlacer(Collection<BrokerRegistration> brokers, long seed) {
    Map<Boolean, List<BrokerRegistration>> byService =
        brokers.stream().collect(Collectors.partitioningBy(BrokerRegistration::inService));
    Random random = new Random(seed);
    this.ring = ring(byService.get(true), random);
    this.away = ring(byService.get(false), random);
  }

  /** Counts the replicas of a partition that the topic has already, the preferred leader first. */
  void count(List<Integer> replicas) {
    replicas.forEach(id -> load.merge(id, 1, Integer::sum));
    preferred.merge(replicas.getFirst(), 1, Integer::sum);
  }

  /** The next partition as it begins: whoever is in service is in sync with nothing. */
  PartitionRegistration place(int replicationFactor) {
    int start = ring.indexOf(nextLeader());
    List<BrokerRegistration> chosen = new ArrayList<>(replicationFactor);
    Set<String> racks = new HashSet<>();
    List<BrokerRegistration> candidates = new ArrayList<>(ring);
    Collections.rotate(candidates, -start);
    List<BrokerRegistration> lastResort = new ArrayList<>(away);
    BrokerRegistration next = candidates.getFirst();
    preferred.merge(next.brokerId(), 1, Integer::sum);
    while (true) {
      chosen.add(next);
      candidates.remove(next);
      lastResort.remove(next);
      racks.add(rack(next));
      load.merge(next.brokerId(), 1, Integer::sum);
      if (chosen.size() == replicationFactor) {
        return registration(chosen);
      }
      next = best(candidates.isEmpty() ? lastResort : candidates, racks);
    }
  }

  private static PartitionRegistration registration(List<BrokerRegistration> chosen) {
    List<Integer> replicas = chosen.stream().map(BrokerRegistration::brokerId).toList();
    List<Integer> isr =
        chosen.stream()
            .filter(BrokerRegistration::inService)
            .map(BrokerRegistration::brokerId)
            .toList();
    return new PartitionRegistration(
        replicas, isr, List.of(), List.of(), replicas.getFirst(), 0, 0);
  }

  /** Ties go to the first on the ring. */
  private BrokerRegistration nextLeader() {
    return Collections.min(
        ring, Comparator.comparingInt(broker -> preferred.getOrDefault(broker.brokerId(), 0)));
  }

  /** Ties go to the next on the ring. */
  private BrokerRegistration best(List<BrokerRegistration> candidates, Set<String> racks) {
    return Collections.min(
        candidates,
        Comparator.<BrokerRegistration>comparingInt(broker -> racks.contains(rack(broker)) ? 1 : 0)
            .thenComparingInt(broker -> load.getOrDefault(broker.brokerId(), 0)));
  }

  /**
   * All brokers, shuffled, so that neighbours are in different racks as far as that is possible.
   */
  private static List<BrokerRegistration> ring(List<BrokerRegistration> brokers, Random random) {
    Map<String, List<BrokerRegistration>> byRack = new TreeMap<>();
    for (BrokerRegistration broker : brokers) {
      byRack.computeIfAbsent(rack(broker), ignored -> new ArrayList<>()).add(broker);
    }
    List<List<BrokerRegistration>> racks = new ArrayList<>(byRack.values());
    Collections.shuffle(racks, random);
    racks.forEach(rack -> Collections.shuffle(rack, random));
    List<BrokerRegistration> ring = new ArrayList<>(brokers.size());
    for (int turn = 0; ring.size() < brokers.size(); turn++) {
      for (List<BrokerRegistration> rack : racks) {
        if (turn < rack.size()) {
          ring.add(rack.get(turn));
        }
      }
    }
    return ring;
  }

  private static String rack(BrokerRegistration broker) {
    return broker.profile().rack();
  }
}
