// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.data;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.kafka.api.KafkaErrors;
import org.apache.kafka.common.protocol.Errors;

/** What went wrong with one partition of a request. */
final class PartitionErrors {
  private PartitionErrors() {}

  /**
   * What Kafka calls it.
   *
   * @param byId whether the client named the topic by its id
   */
  static Errors of(Throwable failure, boolean byId) {
    if (KafkaErrors.cause(failure) instanceof JangadaException typed) {
      if (typed.code() == ErrorCode.UNKNOWN_TOPIC && byId) {
        return Errors.UNKNOWN_TOPIC_ID;
      }
      if (typed.code() == ErrorCode.LEADER_NOT_AVAILABLE) {
        // A broker that is asked for what it does not lead says only that.
        return Errors.NOT_LEADER_OR_FOLLOWER;
      }
    }
    return KafkaErrors.of(failure);
  }

  /** Whether the client is told who leads (KIP-951). */
  static boolean leaderIsElsewhere(Errors error) {
    return error == Errors.NOT_LEADER_OR_FOLLOWER || error == Errors.FENCED_LEADER_EPOCH;
  }
}
