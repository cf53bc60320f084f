// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import java.util.Optional;

/**
 * Runs plans by their seeds.
 *
 * <p>As a program: {@code -Djangada.sim.seed=N} replays one seed, else {@code
 * -Djangada.sim.seeds=N} runs that many from {@code -Djangada.sim.first=N} on.
 */
public final class Simulation {
  /** From that many plans on, each {@link Counter} has to have counted. */
  public static final int SERIES = 500;

  private static final boolean NO_SHRINK = "false".equals(System.getProperty("jangada.sim.shrink"));

  private final PlanGenerator generator;

  /** Simulates plans of that generator. */
  public Simulation(PlanGenerator generator) {
    this.generator = generator;
  }

  /**
   * What went wrong.
   *
   * @param plan the smallest plan that was found to fail
   * @param violation what it violates
   */
  public record Failure(long seed, Plan plan, Throwable violation) {
    /** For a person. */
    public String describe() {
      return "seed "
          + seed
          + " fails: "
          + violation.getMessage()
          + "\n\nsmallest plan: "
          + plan
          + "\n\nreplay with: make sim SEED="
          + seed;
    }

    /** The short name of the invariant, or of what was thrown instead. */
    public String violated() {
      return violation instanceof InvariantViolation invariant
          ? invariant.invariant()
          : violation.getClass().getSimpleName();
    }
  }

  /** Runs one seed's plan and adds up what it has gone through; empty if everything holds. */
  public Optional<Failure> run(long seed, Counters total, boolean shrink) {
    Plan plan = generator.plan(seed);
    try {
      total.addAll(SimRun.of(plan));
      return Optional.empty();
    } catch (RuntimeException violation) {
      Plan smallest =
          shrink ? generator.shrink(seed, candidate -> failure(candidate) != null) : plan;
      Throwable ofSmallest = failure(smallest);
      return Optional.of(new Failure(seed, smallest, ofSmallest == null ? violation : ofSmallest));
    }
  }

  private static @org.jspecify.annotations.Nullable RuntimeException failure(Plan plan) {
    try {
      SimRun.of(plan);
      return null;
    } catch (RuntimeException violation) {
      return violation;
    }
  }

  /** See the class; ends with 1 if a plan fails or, in a whole series, a counter is zero. */
  public static void main(String[] args) {
    Long seed = Long.getLong("jangada.sim.seed");
    long first = seed != null ? seed : Long.getLong("jangada.sim.first", 1);
    long plans = seed != null ? 1 : Long.getLong("jangada.sim.seeds", SERIES);
    System.exit(new Simulation(new JqwikPlans()).report(first, plans) ? 0 : 1);
  }

  @SuppressWarnings("SystemOut") // a program for a terminal
  private boolean report(long first, long plans) {
    Counters total = new Counters();
    long startedNanos = System.nanoTime();
    for (long seed = first; seed < first + plans; seed++) {
      Optional<Failure> failure = run(seed, total, !NO_SHRINK);
      if (failure.isPresent()) {
        System.out.println(failure.get().describe());
        failure.get().violation().printStackTrace(System.out);
        System.out.println("violated: " + failure.get().violated());
        System.out.println("found after " + (seed - first + 1) + " plans");
        return false;
      }
    }
    System.out.print(total);
    System.out.printf(
        "%d plans, all invariants held, %.1f ms each%n",
        plans, (System.nanoTime() - startedNanos) / 1e6 / plans);
    if (plans >= SERIES && !total.zeros().isEmpty()) {
      System.out.println("expected to come to everything, but never came to " + total.zeros());
      return false;
    }
    return true;
  }
}
