// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.BrokerStatus;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.command.Provenance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ReplicaPlacerTest {
  @Property(tries = 200)
  void leadersAndReplicasAreSpread(
      @ForAll @IntRange(min = 1, max = 9) int brokers,
      @ForAll @IntRange(min = 1, max = 9) int factor,
      @ForAll @IntRange(min = 1, max = 50) int partitions,
      @ForAll long seed) {
    int replicationFactor = Math.min(factor, brokers);
    ReplicaPlacer placer = new ReplicaPlacer(brokers(brokers, brokers), seed);
    Map<Integer, Integer> leaders = new HashMap<>();
    Map<Integer, Integer> replicas = new HashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      List<Integer> placed = placer.place(replicationFactor).replicas();
      assertThat(placed).hasSize(replicationFactor).doesNotHaveDuplicates();
      leaders.merge(placed.getFirst(), 1, Integer::sum);
      placed.forEach(id -> replicas.merge(id, 1, Integer::sum));
    }
    assertThat(spread(leaders, brokers)).isLessThanOrEqualTo(1);
    assertThat(spread(replicas, brokers)).isLessThanOrEqualTo(2);
  }

  /** Whatever was placed in several steps, with another seed each, is spread as if in one. */
  @Property(tries = 200)
  void whatIsAddedGoesOnSpreading(
      @ForAll @IntRange(min = 1, max = 9) int brokers,
      @ForAll @IntRange(min = 1, max = 3) int factor,
      @ForAll List<@IntRange(min = 1, max = 7) Integer> steps,
      @ForAll long seed) {
    int replicationFactor = Math.min(factor, brokers);
    List<List<Integer>> all = new ArrayList<>();
    Map<Integer, Integer> leaders = new HashMap<>();
    Map<Integer, Integer> replicas = new HashMap<>();
    for (int step : steps) {
      ReplicaPlacer placer = new ReplicaPlacer(brokers(brokers, brokers), seed + all.size());
      all.forEach(placer::count);
      for (int i = 0; i < step; i++) {
        List<Integer> placed = placer.place(replicationFactor).replicas();
        all.add(placed);
        leaders.merge(placed.getFirst(), 1, Integer::sum);
        placed.forEach(id -> replicas.merge(id, 1, Integer::sum));
      }
    }
    assertThat(spread(leaders, brokers)).isLessThanOrEqualTo(1);
    assertThat(spread(replicas, brokers)).isLessThanOrEqualTo(2);
  }

  @Test
  void aBrokerThatCameLaterGetsThePartitionsThatAreAdded() {
    ReplicaPlacer placer = new ReplicaPlacer(brokers(4, 1), 42);
    for (List<Integer> replicas :
        List.of(List.of(0, 1, 2), List.of(1, 2, 0), List.of(2, 0, 1), List.of(0, 1, 2))) {
      placer.count(replicas);
    }
    assertThat(placer.place(3).replicas().getFirst()).isEqualTo(3);
    assertThat(placer.place(3).replicas()).contains(3);
  }

  @Property(tries = 200)
  void aPartitionUsesAsManyRacksAsItCan(
      @ForAll @IntRange(min = 1, max = 4) int racks,
      @ForAll @IntRange(min = 4, max = 9) int brokers,
      @ForAll long seed) {
    List<BrokerRegistration> all = brokers(brokers, racks);
    ReplicaPlacer placer = new ReplicaPlacer(all, seed);
    for (int partition = 0; partition < 20; partition++) {
      HashSet<String> used = new HashSet<>();
      for (Integer id : placer.place(3).replicas()) {
        used.add(all.get(id).profile().rack());
      }
      assertThat(used).hasSize(Math.min(racks, 3));
    }
  }

  @Property(tries = 200)
  void whoIsAwayComesLastAndOnlyWhereTheOthersAreTooFew(
      @ForAll @IntRange(min = 1, max = 5) int here,
      @ForAll @IntRange(min = 0, max = 4) int away,
      @ForAll @IntRange(min = 1, max = 9) int factor,
      @ForAll long seed) {
    int replicationFactor = Math.min(factor, here + away);
    List<BrokerRegistration> all = new ArrayList<>(brokers(here + away, 3));
    all.replaceAll(
        broker -> broker.brokerId() < here ? broker : broker.withStatus(BrokerStatus.FENCED));
    ReplicaPlacer placer = new ReplicaPlacer(all, seed);
    for (int partition = 0; partition < 20; partition++) {
      PartitionRegistration placed = placer.place(replicationFactor);
      int inService = Math.min(replicationFactor, here);
      assertThat(placed.replicas()).hasSize(replicationFactor).doesNotHaveDuplicates();
      assertThat(placed.replicas().subList(0, inService)).allMatch(id -> id < here);
      assertThat(placed.isr()).isEqualTo(placed.replicas().subList(0, inService));
      assertThat(placed.leader()).isEqualTo(placed.replicas().getFirst());
    }
  }

  @Test
  void theSameSeedPlacesTheSame() {
    List<BrokerRegistration> brokers = brokers(5, 2);
    List<List<Integer>> first = place(new ReplicaPlacer(brokers, 42));
    assertThat(place(new ReplicaPlacer(brokers, 42))).isEqualTo(first);
  }

  private static List<List<Integer>> place(ReplicaPlacer placer) {
    List<List<Integer>> placed = new ArrayList<>();
    for (int partition = 0; partition < 10; partition++) {
      placed.add(placer.place(3).replicas());
    }
    return placed;
  }

  private static int spread(Map<Integer, Integer> counts, int brokers) {
    int max = counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    int min = IntStream.range(0, brokers).map(id -> counts.getOrDefault(id, 0)).min().orElse(0);
    return max - min;
  }

  private static List<BrokerRegistration> brokers(int count, int racks) {
    return IntStream.range(0, count)
        .mapToObj(
            id ->
                new BrokerRegistration(
                    id,
                    1,
                    new UUID(0, id),
                    BrokerStatus.ACTIVE,
                    MetadataFixture.profile("rack-" + id % racks),
                    new Provenance(List.of(), MetadataFixture.BOOT, Provenance.UNCLEAN)))
        .toList();
  }
}
