// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.grpc.stub.StreamObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Collects what a stream answers. */
final class Answers<T> implements StreamObserver<T> {
  private static final long PATIENCE_S = 10;

  private final BlockingQueue<T> received = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> completed = new CompletableFuture<>();

  @Override
  public void onNext(T value) {
    received.add(value);
  }

  @Override
  public void onError(Throwable failure) {
    completed.completeExceptionally(failure);
  }

  @Override
  public void onCompleted() {
    completed.complete(null);
  }

  T next() throws InterruptedException {
    T value = received.poll(PATIENCE_S, TimeUnit.SECONDS);
    if (value == null) {
      throw new AssertionError("expected an answer within " + PATIENCE_S + " s, but none came");
    }
    return value;
  }

  boolean isEmpty() {
    return received.isEmpty();
  }

  void awaitCompleted() {
    completed.orTimeout(PATIENCE_S, TimeUnit.SECONDS).join();
  }
}
