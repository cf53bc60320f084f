// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.common.ErrorCode;
import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.ConditionalBatch;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.machine.Applied;
import io.jangada.metadata.machine.ItemResult;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How decisions are put. */
final class Answers {
  private Answers() {}

  static Decision done(MetadataImage image) {
    return new Decision.Answer(new ControllerAnswer.Done(image.index()));
  }

  static Decision failed(MetadataImage image, ErrorCode code, String message, String hint) {
    return failed(image, new Refusal(code, message, hint));
  }

  static Decision failed(MetadataImage image, Refusal refusal) {
    return new Decision.Answer(new ControllerAnswer.Failed(image.index(), refusal));
  }

  /**
   * Proposes items of which the first is what was asked for.
   *
   * @param answer the answer from the index, if the first is accepted
   */
  static Decision propose(
      MetadataImage image, List<BatchItem> items, Function<Long, ControllerAnswer> answer) {
    return propose(new ConditionalBatch(image.controllerEpoch(), items), answer);
  }

  /** The same with a batch of its own controller epoch. */
  static Decision propose(ConditionalBatch batch, Function<Long, ControllerAnswer> answer) {
    return new Decision.Propose(
        batch,
        applied -> {
          long index = applied.image().index();
          Refusal refusal = refusal(applied, 0);
          return refusal == null
              ? answer.apply(index)
              : new ControllerAnswer.Failed(index, refusal);
        });
  }

  /** Why apply did not write that item, or null if it did. */
  static @Nullable Refusal refusal(Applied applied, int item) {
    return switch (applied.results().get(item)) {
      case ItemResult.Accepted ignored -> null;
      case ItemResult.Rejected(Refusal refusal) -> refusal;
      case ItemResult.Replayed ignored ->
          new Refusal(
              ErrorCode.REQUEST_TIMED_OUT,
              "expected an entry not seen before, but it was applied already: outcome unknown");
    };
  }
}
