// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Hundreds of plans, always the same ones: {@code -Djangada.sim.seeds=N} runs another number, from
 * {@code -Djangada.sim.first=N} on, and {@code -Djangada.sim.seed=N} replays one.
 */
class SimulationTest {
  @Test
  void invariantsHoldInEveryPlanAndEveryRuleIsExercised() {
    Long only = Long.getLong("jangada.sim.seed");
    long first = only != null ? only : Long.getLong("jangada.sim.first", 1);
    long plans = only != null ? 1 : Long.getLong("jangada.sim.seeds", Simulation.SERIES);
    Simulation simulation = new Simulation(new JqwikPlans());
    Counters total = new Counters();
    for (long seed = first; seed < first + plans; seed++) {
      Optional<Simulation.Failure> failure = simulation.run(seed, total, true);
      failure.ifPresent(
          found -> {
            throw new AssertionError(found.describe(), found.violation());
          });
    }
    if (plans >= Simulation.SERIES) {
      assertThat(total.zeros()).as("what %d plans never came to:%n%s", plans, total).isEmpty();
    }
  }

  @Test
  void theSameSeedIsTheSameRun() {
    Plan plan = new JqwikPlans().plan(42);
    assertThat(new JqwikPlans().plan(42)).isEqualTo(plan);
    assertThat(SimRun.of(plan).toString()).isEqualTo(SimRun.of(plan).toString());
  }
}
