// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.grpc;

import io.jangada.api.v1.Error;
import io.jangada.api.v1.LeaderHint;
import io.jangada.broker.service.NotLeaderException;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Failures as the public contract tells them. */
final class WireErrors {
  private static final Logger log = LoggerFactory.getLogger(WireErrors.class);

  private WireErrors() {}

  /**
   * The failure as an {@link Error}. What is not a {@link JangadaException} is a defect: it is
   * logged with its stack trace and told as {@link ErrorCode#INTERNAL}.
   */
  static Error of(Throwable thrown) {
    return switch (unwrap(thrown)) {
      case NotLeaderException notLeader ->
          builder(notLeader)
              .setLeader(
                  LeaderHint.newBuilder()
                      .setBrokerId(notLeader.leaderId())
                      .setAddress(notLeader.leaderAddress())
                      .setLeaderEpoch(notLeader.leaderEpoch()))
              .build();
      case JangadaException typed -> builder(typed).build();
      case Throwable defect -> {
        log.error("A request failed with an unexpected exception", defect);
        yield builder(
                new JangadaException(
                    ErrorCode.INTERNAL,
                    "expected to answer the request, but hit a defect: " + defect,
                    "the broker's log has the stack trace; please report it"))
            .build();
      }
    };
  }

  private static Error.Builder builder(JangadaException e) {
    return Error.newBuilder()
        .setCode(e.code().name())
        .setMessage(e.getMessage())
        .setHint(e.hint())
        .setDefinite(e.definite())
        .setRetriable(e.retriable());
  }

  private static Throwable unwrap(Throwable thrown) {
    Throwable inner = thrown;
    while ((inner instanceof CompletionException || inner instanceof ExecutionException)
        && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }
}
