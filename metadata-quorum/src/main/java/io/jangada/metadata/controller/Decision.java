// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.metadata.command.ConditionalBatch;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.machine.Applied;

/** What to do about a request. */
public sealed interface Decision {
  /** Nothing to write. */
  record Answer(ControllerAnswer answer) implements Decision {}

  /**
   * Propose the batch to the log; once it is applied, answer what {@code conclusion} makes of it.
   */
  record Propose(ConditionalBatch batch, Conclusion conclusion) implements Decision {}

  /** How to answer, once it is known what apply did. Pure. */
  @FunctionalInterface
  interface Conclusion {
    /**
     * The answer. Where it is refused with {@code INVALID_UPDATE_VERSION}, the image had changed
     * since the decision; whoever proposes may decide the same request again on the newer image.
     *
     * @param applied of the proposed batch, from the log
     */
    ControllerAnswer conclude(Applied applied);
  }
}
