// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.cluster;

import io.jangada.broker.service.ControllerGateway;
import io.jangada.broker.service.ProducerIdService;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerAnswer.ProducerIds;
import io.jangada.metadata.command.ControllerRequest.AllocateProducerIds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands out producer ids from blocks that the quorum allocates to this broker. Ids of a block that
 * is left when the process ends are never used. Thread-safe.
 */
final class ProducerIdBlocks implements ProducerIdService {
  /** More callers than that are told to come again. */
  private static final int MAX_WAITING = 10_000;

  private final int brokerId;
  private final LongSupplier brokerEpoch;
  private final ControllerGateway controller;

  private final Object lock = new Object();
  private final Queue<CompletableFuture<Long>> waiting = new ArrayDeque<>();
  private long next;
  private long end;
  private boolean asking;

  ProducerIdBlocks(int brokerId, LongSupplier brokerEpoch, ControllerGateway controller) {
    this.brokerId = brokerId;
    this.brokerEpoch = brokerEpoch;
    this.controller = controller;
  }

  @Override
  public CompletableFuture<Long> nextProducerId() {
    CompletableFuture<Long> id = new CompletableFuture<>();
    boolean ask;
    synchronized (lock) {
      if (next < end) {
        return CompletableFuture.completedFuture(next++);
      }
      if (waiting.size() >= MAX_WAITING) {
        return CompletableFuture.failedFuture(
            new JangadaException(
                ErrorCode.OVERLOADED,
                "expected fewer than "
                    + MAX_WAITING
                    + " producers waiting for an id, but there are as many",
                "try again later"));
      }
      waiting.add(id);
      ask = !asking;
      asking = true;
    }
    if (ask) {
      askForBlock();
    }
    return id;
  }

  private void askForBlock() {
    var unused =
        controller
            .submit(new AllocateProducerIds(brokerId, brokerEpoch.getAsLong()))
            .handle(
                (answer, failure) -> {
                  switch (answer) {
                    case ProducerIds block -> serve(block);
                    case ControllerAnswer.Failed failed -> refuse(failed.refusal().toException());
                    case null -> refuse(failure);
                    case ControllerAnswer other ->
                        refuse(
                            new JangadaException(
                                ErrorCode.INTERNAL,
                                "expected producer ids from the quorum, but got " + other));
                  }
                  return null;
                });
  }

  private void serve(ProducerIds block) {
    List<Runnable> answers = new ArrayList<>();
    boolean askAgain;
    synchronized (lock) {
      next = block.first();
      end = block.first() + block.count();
      while (next < end && !waiting.isEmpty()) {
        CompletableFuture<Long> waiter = waiting.remove();
        long id = next++;
        answers.add(() -> waiter.complete(id));
      }
      askAgain = !waiting.isEmpty();
      asking = askAgain;
    }
    answers.forEach(Runnable::run);
    if (askAgain) {
      askForBlock();
    }
  }

  private void refuse(@Nullable Throwable why) {
    Throwable cause =
        why != null ? why : new JangadaException(ErrorCode.INTERNAL, "expected an answer");
    List<CompletableFuture<Long>> refused;
    synchronized (lock) {
      refused = List.copyOf(waiting);
      waiting.clear();
      asking = false;
    }
    refused.forEach(waiter -> waiter.completeExceptionally(cause));
  }
}
