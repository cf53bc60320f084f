// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.chaos.sim.Plan.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.Tuple;
import net.jqwik.api.sessions.JqwikSession;

/** Plans by jqwik. */
public final class JqwikPlans implements PlanGenerator {
  private static final int GENERATION_SIZE = 1_000;
  private static final int MAX_SHRINK_RUNS = 400;

  @Override
  public Plan plan(long seed) {
    Plan[] plan = new Plan[1];
    JqwikSession.run(() -> plan[0] = shrinkable(seed).value());
    return plan[0];
  }

  @Override
  public Plan shrink(long seed, Predicate<Plan> fails) {
    Plan[] smallest = new Plan[1];
    JqwikSession.run(() -> smallest[0] = smallest(shrinkable(seed), fails));
    return smallest[0];
  }

  /** Greedy: the first smaller plan that still fails is the next to be shrunk. */
  private static Plan smallest(Shrinkable<Plan> start, Predicate<Plan> fails) {
    Shrinkable<Plan> best = start;
    int[] runs = new int[1];
    Optional<Shrinkable<Plan>> next = Optional.of(start);
    while (next.isPresent() && runs[0] < MAX_SHRINK_RUNS) {
      best = next.get();
      next =
          best.shrink()
              .takeWhile(ignored -> runs[0]++ < MAX_SHRINK_RUNS)
              .filter(candidate -> fails.test(candidate.value()))
              .findFirst();
    }
    return best.value();
  }

  private static Shrinkable<Plan> shrinkable(long seed) {
    return plans(seed).generator(GENERATION_SIZE).next(new Random(seed));
  }

  private static Arbitrary<Plan> plans(long seed) {
    return Combinators.combine(
            Arbitraries.just(seed).dontShrink(),
            setups(),
            steps().list().ofMinSize(3).ofMaxSize(24))
        .as(Plan::new);
  }

  private static Arbitrary<Plan.Setup> setups() {
    return Combinators.combine(
            Arbitraries.frequency(Tuple.of(4, 3), Tuple.of(1, 4)),
            Arbitraries.integers().between(1, 2),
            Arbitraries.frequency(Tuple.of(3, 2), Tuple.of(1, 1)),
            Arbitraries.integers().between(1, 2),
            Arbitraries.integers().between(0, 2),
            Arbitraries.frequency(Tuple.of(4, false), Tuple.of(1, true)))
        .as(Plan.Setup::new);
  }

  private static Arbitrary<Plan.Step> steps() {
    return Combinators.combine(Arbitraries.integers().between(0, 1_200), faults())
        .as(Plan.Step::new);
  }

  private static Arbitrary<Fault> faults() {
    List<Tuple.Tuple2<Integer, Arbitrary<Fault>>> weighted = new ArrayList<>();
    weighted.addAll(faultsOfProcesses());
    weighted.addAll(faultsOfDisks());
    weighted.addAll(faultsAtMoments());
    weighted.addAll(faultsOfNetworks());
    weighted.addAll(faultsOfMetadata());
    return Arbitraries.frequencyOf(weighted);
  }

  private static Arbitrary<Integer> broker() {
    return Arbitraries.integers().between(1, 4);
  }

  /** Some restarts come before the session is over: rule 24. */
  private static Arbitrary<Integer> restart() {
    return Arbitraries.oneOf(
        List.of(Arbitraries.integers().between(1, 40), Arbitraries.integers().between(100, 4_000)));
  }

  private static List<Tuple.Tuple2<Integer, Arbitrary<Fault>>> faultsOfProcesses() {
    Arbitrary<Fault> kill = Combinators.combine(broker(), restart()).as(Fault.Kill::new);
    Arbitrary<Fault> killLeader =
        Combinators.combine(Arbitraries.integers().between(0, 1), restart())
            .as(Fault.KillLeader::new);
    Arbitrary<Fault> oneByOne =
        Combinators.combine(Arbitraries.integers().between(100, 2_500), restart())
            .as(Fault.KillOneByOne::new);
    return List.of(Tuple.of(4, kill), Tuple.of(6, killLeader), Tuple.of(2, oneByOne));
  }

  private static List<Tuple.Tuple2<Integer, Arbitrary<Fault>>> faultsAtMoments() {
    Arbitrary<Fault> ambush =
        Combinators.combine(
                Arbitraries.frequency(
                    Tuple.of(4, Moment.GROWTH_PROPOSED),
                    Tuple.of(1, Moment.SHRINK_PROPOSED),
                    Tuple.of(1, Moment.TRUNCATED)),
                Arbitraries.of(Plan.Blow.class),
                Arbitraries.oneOf(List.of(restart(), Arbitraries.integers().between(700, 4_000))))
            .as(Fault.Ambush::new);
    Arbitrary<Fault> truncate =
        Combinators.combine(
                Arbitraries.integers().between(0, 1), Arbitraries.integers().between(200, 1_500))
            .as(Fault.TruncateWhileSyncing::new);
    return List.of(Tuple.of(20, ambush), Tuple.of(4, truncate));
  }

  private static List<Tuple.Tuple2<Integer, Arbitrary<Fault>>> faultsOfDisks() {
    Arbitrary<Fault> power = Combinators.combine(broker(), restart()).as(Fault.PowerLoss::new);
    Arbitrary<Fault> powerOfAll = restart().map(Fault.PowerLossOfAll::new);
    Arbitrary<Fault> wipe = Combinators.combine(broker(), restart()).as(Fault.WipeDisk::new);
    Arbitrary<Fault> swap =
        Combinators.combine(broker(), Arbitraries.integers().between(1_700, 2_600), restart())
            .as(Fault.SwapDisk::new);
    Arbitrary<Fault> tear =
        Combinators.combine(
                Arbitraries.integers().between(0, 1),
                broker(),
                Arbitraries.integers().between(800, 3_000))
            .as(Fault.TearLeader::new);
    Arbitrary<Fault> cycle =
        Combinators.combine(
                Arbitraries.integers().between(0, 1), Arbitraries.integers().between(700, 1_000))
            .as(Fault.PowerCycleFollowersTwice::new);
    Arbitrary<Fault> slow =
        Combinators.combine(broker(), Arbitraries.integers().between(20, 3_000))
            .as(Fault.SlowDisk::new);
    Arbitrary<Fault> failSync = broker().map(Fault.FailSync::new);
    Arbitrary<Fault> rot =
        Combinators.combine(
                broker(),
                Arbitraries.oneOf(
                    List.of(Arbitraries.just(0), Arbitraries.integers().between(0, 100))))
            .as(Fault.Rot::new);
    Arbitrary<Fault> full =
        Combinators.combine(broker(), Arbitraries.integers().between(100, 3_000))
            .as(Fault.FullDisk::new);
    Arbitrary<Fault> destroy =
        Combinators.combine(broker(), restart()).as(Fault.DestroyAllBut::new);
    return List.of(
        Tuple.of(1, destroy),
        Tuple.of(3, failSync),
        Tuple.of(4, rot),
        Tuple.of(2, full),
        Tuple.of(4, power),
        Tuple.of(1, powerOfAll),
        Tuple.of(2, wipe),
        Tuple.of(2, swap),
        Tuple.of(9, cycle),
        Tuple.of(4, tear),
        Tuple.of(3, slow));
  }

  private static List<Tuple.Tuple2<Integer, Arbitrary<Fault>>> faultsOfNetworks() {
    Arbitrary<Fault> isolate = broker().map(Fault.Isolate::new);
    Arbitrary<Fault> oneWay = Combinators.combine(broker(), broker()).as(Fault.CutOneWay::new);
    Arbitrary<Fault> fromQuorum = broker().map(Fault.CutFromQuorum::new);
    Arbitrary<Fault> between = Combinators.combine(broker(), broker()).as(Fault.CutBetween::new);
    Arbitrary<Fault> lossy =
        Combinators.combine(
                Arbitraries.integers().between(0, 30), Arbitraries.integers().between(0, 50))
            .as(Fault.Lossy::new);
    Arbitrary<Fault> clog =
        Combinators.combine(broker(), broker(), Arbitraries.integers().between(10, 900))
            .as(Fault.Clog::new);
    return List.of(
        Tuple.of(3, isolate),
        Tuple.of(2, oneWay),
        Tuple.of(3, fromQuorum),
        Tuple.of(2, between),
        Tuple.of(3, lossy),
        Tuple.of(3, clog),
        Tuple.of(6, Arbitraries.<Fault>just(new Fault.Heal())));
  }

  private static List<Tuple.Tuple2<Integer, Arbitrary<Fault>>> faultsOfMetadata() {
    Arbitrary<Fault> slowMetadata =
        Combinators.combine(broker(), Arbitraries.integers().between(50, 1_500))
            .as(Fault.SlowMetadata::new);
    Arbitrary<Fault> delete =
        Combinators.combine(
                Arbitraries.integers().between(0, 1), Arbitraries.integers().between(10, 120))
            .as(Fault.DeleteRecords::new);
    Arbitrary<Fault> loseAnswers =
        Arbitraries.integers().between(10, 80).map(Fault.LoseAnswers::new);
    return List.of(
        Tuple.of(5, slowMetadata),
        Tuple.of(3, loseAnswers),
        Tuple.of(4, delete),
        Tuple.of(4, Arbitraries.<Fault>just(new Fault.ControllerFailover())),
        Tuple.of(1, Arbitraries.<Fault>just(new Fault.RecreateTopic())));
  }
}
