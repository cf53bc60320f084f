// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.producer;

import io.jangada.api.v1.InitProducerRequest;
import io.jangada.api.v1.InitProducerResponse;
import io.jangada.api.v1.ProduceServiceGrpc;
import io.jangada.client.internal.metadata.BrokerRotation;
import io.jangada.client.internal.net.Backoff;
import io.jangada.client.internal.net.Connection;
import io.jangada.client.internal.net.UnaryCall;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.wire.WireErrors;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets producer ids from the cluster, asking one broker after the other. All partitions share the
 * one that was got last; a partition whose identity is used up gets another. For the sender thread.
 */
final class ProducerIds {
  private static final Logger LOG = LoggerFactory.getLogger(ProducerIds.class);

  private final BrokerRotation rotation;
  private final Duration attemptTimeout;
  private final Consumer<Runnable> events;
  private final Backoff backoff = Backoff.ofRetries();
  private @Nullable ProducerIdentity current;
  private boolean asking;
  private long notBeforeNanos;
  private boolean waiting;

  ProducerIds(BrokerRotation rotation, Duration attemptTimeout, Consumer<Runnable> events) {
    this.rotation = rotation;
    this.attemptTimeout = attemptTimeout;
    this.events = events;
  }

  /**
   * An identity, or null while there is none: asks for one unless that is under way.
   *
   * @param used one that is used up, or null
   */
  @Nullable ProducerIdentity getOtherThan(@Nullable ProducerIdentity used, long nowNanos) {
    if (current != null && current.equals(used)) {
      current = null;
    }
    if (current == null && !asking && !(waiting && nowNanos < notBeforeNanos)) {
      ask(nowNanos);
    }
    return current;
  }

  private void ask(long nowNanos) {
    Optional<Connection> connection = rotation.next(nowNanos, null);
    if (connection.isEmpty()) {
      waiting = true;
      notBeforeNanos = nowNanos + rotation.waitNanos(nowNanos);
      return;
    }
    asking = true;
    UnaryCall.ask(
        connection.get(),
        ProduceServiceGrpc.getInitProducerMethod(),
        InitProducerRequest.getDefaultInstance(),
        attemptTimeout,
        (answer, failure) -> events.accept(() -> ended(answer, failure)));
  }

  private void ended(@Nullable InitProducerResponse answer, @Nullable JangadaException failure) {
    asking = false;
    JangadaException trouble = failure;
    if (answer != null) {
      trouble = answer.hasError() ? WireErrors.fromWire(answer.getError()) : check(answer);
    }
    if (trouble == null && answer != null) {
      current = new ProducerIdentity(answer.getProducerId(), (short) answer.getProducerEpoch());
      backoff.reset();
      waiting = false;
    } else {
      LOG.debug("no producer id yet", trouble);
      waiting = true;
      notBeforeNanos = System.nanoTime() + backoff.nextNanos();
    }
  }

  private static @Nullable JangadaException check(InitProducerResponse answer) {
    int epoch = answer.getProducerEpoch();
    if (answer.getProducerId() >= 0 && epoch >= 0 && epoch <= Short.MAX_VALUE) {
      return null;
    }
    return new JangadaException(
        ErrorCode.INTERNAL,
        "expected a producer id and epoch of 0 or more, but got "
            + answer.getProducerId()
            + " and "
            + epoch);
  }
}
