// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.admin;

import io.jangada.kafka.api.KafkaErrors;
import io.jangada.metadata.command.Refusal;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/** What is wrong with one item of a request, as Kafka's clients are told. */
final class AdminErrors {
  private AdminErrors() {}

  /** Nothing where there was no refusal. */
  static ApiError of(@Nullable Refusal refusal) {
    return refusal == null ? ApiError.NONE : of(refusal.toException());
  }

  static ApiError of(Throwable failure) {
    return new ApiError(KafkaErrors.of(failure), KafkaErrors.message(failure));
  }

  static ApiError invalid(String message) {
    return new ApiError(Errors.INVALID_REQUEST, message);
  }
}
