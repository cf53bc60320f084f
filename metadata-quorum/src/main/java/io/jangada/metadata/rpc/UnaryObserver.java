// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.rpc;

import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answer of a unary call, handed off to a thread of ours. */
final class UnaryObserver<T> implements StreamObserver<T> {
  private static final Logger LOG = LoggerFactory.getLogger(UnaryObserver.class);

  private final Executor thread;
  private final Consumer<T> answered;
  private final Consumer<Throwable> failed;

  UnaryObserver(Executor thread, Consumer<T> answered, Consumer<Throwable> failed) {
    this.thread = thread;
    this.answered = answered;
    this.failed = failed;
  }

  @Override
  public void onNext(T value) {
    handOff(() -> answered.accept(value));
  }

  @Override
  public void onError(Throwable error) {
    handOff(() -> failed.accept(error));
  }

  @Override
  public void onCompleted() {
    // The one value was the answer.
  }

  private void handOff(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("an answer came after the client was closed", e);
    }
  }
}
