// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets any number of threads answer on one stream, whose observer admits one at a time. Whoever
 * adds the first answer sends until none is left; nobody waits and no lock is held while gRPC is
 * called. The observer needs a cancel handler, with which gRPC drops answers to a client that has
 * gone. Bounded by the stream's limit on requests in flight: there is at most one answer each.
 */
final class OrderedResponses<T> {
  private final ServerCallStreamObserver<T> observer;
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger pending = new AtomicInteger();

  OrderedResponses(ServerCallStreamObserver<T> observer) {
    this.observer = observer;
  }

  /** Sends an answer; dropped if the client has gone. */
  void send(T response) {
    enqueue(() -> observer.onNext(response));
  }

  /** Closes the stream behind all answers sent before. */
  void complete() {
    enqueue(observer::onCompleted);
  }

  private void enqueue(Runnable action) {
    waiting.add(action);
    if (pending.getAndIncrement() != 0) {
      return;
    }
    do {
      Runnable next = waiting.poll();
      if (next != null) {
        next.run();
      }
    } while (pending.decrementAndGet() != 0);
  }
}
