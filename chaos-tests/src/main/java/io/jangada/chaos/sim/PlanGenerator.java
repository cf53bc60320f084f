// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import java.util.function.Predicate;

/** Where plans come from. Hides the library that makes and shrinks them. */
public interface PlanGenerator {
  /** The plan of that seed; the same for ever, as long as the generator is unchanged. */
  Plan plan(long seed);

  /**
   * A smaller plan of the same seed that fails as well.
   *
   * @param fails whether a plan fails; called many times
   */
  Plan shrink(long seed, Predicate<Plan> fails);
}
