// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.grpc.StatusRuntimeException;
import io.jangada.api.v1.Error;
import io.jangada.api.v1.LeaderHint;
import io.jangada.broker.service.NotCoordinatorException;
import io.jangada.broker.service.NotLeaderException;
import io.jangada.broker.service.UnexpectedOffsetException;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.wire.WireErrors;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Failures as clients are told them. What is not a {@link JangadaException} is a defect: it is
 * logged with its stack trace and told as {@link ErrorCode#INTERNAL}.
 */
final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /** The failure of one item of an answer. */
  static Error toError(Throwable thrown) {
    JangadaException typed = typed(thrown);
    return switch (typed) {
      case NotLeaderException notLeader ->
          WireErrors.toWire(
              notLeader,
              LeaderHint.newBuilder()
                  .setBrokerId(notLeader.leaderId())
                  .setAddress(notLeader.leaderAddress())
                  .setLeaderEpoch(notLeader.leaderEpoch())
                  .build());
      case NotCoordinatorException elsewhere -> WireErrors.toWire(elsewhere, hint(elsewhere));
      default -> WireErrors.toWire(typed);
    };
  }

  /** Who coordinates, as clients are told it. */
  static LeaderHint hint(NotCoordinatorException elsewhere) {
    return LeaderHint.newBuilder()
        .setBrokerId(elsewhere.coordinatorId())
        .setAddress(elsewhere.coordinatorAddress())
        .build();
  }

  /** The refusal that says who coordinates, if that is what it is. */
  static Optional<NotCoordinatorException> coordinatorElsewhere(Throwable thrown) {
    return unwrapped(thrown) instanceof NotCoordinatorException elsewhere
        ? Optional.of(elsewhere)
        : Optional.empty();
  }

  /** The refusal that says who leads, if that is what it is. */
  static Optional<NotLeaderException> leaderElsewhere(Throwable thrown) {
    return unwrapped(thrown) instanceof NotLeaderException elsewhere
        ? Optional.of(elsewhere)
        : Optional.empty();
  }

  /** The failure of a whole call. */
  static StatusRuntimeException toStatus(Throwable thrown) {
    return WireErrors.toStatus(typed(thrown));
  }

  /** Where the log ended instead of where a conditional append expected it to end. */
  static OptionalLong unexpectedOffset(Throwable thrown) {
    return typed(thrown) instanceof UnexpectedOffsetException unexpected
        ? OptionalLong.of(unexpected.logEndOffset())
        : OptionalLong.empty();
  }

  private static JangadaException typed(Throwable thrown) {
    Throwable inner = unwrapped(thrown);
    if (inner instanceof JangadaException typed) {
      return typed;
    }
    log.error("A request failed with an unexpected exception", inner);
    return new JangadaException(
        ErrorCode.INTERNAL,
        "expected to answer the request, but hit a defect: " + inner,
        "the broker's log has the stack trace; please report it");
  }

  private static Throwable unwrapped(Throwable thrown) {
    Throwable inner = thrown;
    while ((inner instanceof CompletionException || inner instanceof ExecutionException)
        && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }
}
