// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.controller;

import io.jangada.metadata.command.BatchItem;
import io.jangada.metadata.command.ConditionalBatch;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.Refusal;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.machine.Applied;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One part of a request whose parts are decided each on its own.
 *
 * @param <R> the part's result
 */
sealed interface ItemPlan<R> {
  /** Nothing to propose: the result is known. */
  record Settled<R>(R result) implements ItemPlan<R> {}

  /** An item to propose, and the result by why it was rejected, or null. */
  record Proposed<R>(BatchItem item, Function<@Nullable Refusal, R> result)
      implements ItemPlan<R> {}

  /** The answer to the whole request. */
  @FunctionalInterface
  interface Answering<R> {
    ControllerAnswer answer(long index, List<R> results);
  }

  static <R> ItemPlan<R> settled(R result) {
    return new Settled<>(result);
  }

  static <R> ItemPlan<R> proposed(BatchItem item, Function<@Nullable Refusal, R> result) {
    return new Proposed<>(item, result);
  }

  /** Answers at once, if there is nothing to propose. */
  static <R> Decision decide(MetadataImage image, List<ItemPlan<R>> plans, Answering<R> answering) {
    List<BatchItem> items = new ArrayList<>();
    List<Function<Applied, R>> results = new ArrayList<>();
    for (ItemPlan<R> plan : plans) {
      switch (plan) {
        case Settled<R>(R result) -> results.add(applied -> result);
        case Proposed<R>(BatchItem item, Function<@Nullable Refusal, R> result) -> {
          int number = items.size();
          items.add(item);
          results.add(applied -> result.apply(Answers.refusal(applied, number)));
        }
      }
    }
    if (items.isEmpty()) {
      List<R> known = new ArrayList<>();
      for (ItemPlan<R> plan : plans) {
        if (plan instanceof Settled<R>(R result)) {
          known.add(result);
        }
      }
      return new Decision.Answer(answering.answer(image.index(), known));
    }
    return new Decision.Propose(
        new ConditionalBatch(image.controllerEpoch(), items),
        applied ->
            answering.answer(
                applied.image().index(),
                results.stream().map(result -> result.apply(applied)).toList()));
  }
}
