// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import io.jangada.common.JangadaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownServerException;

/** Failures of the log in the coordinator's words: it makes of them what it tells clients. */
final class LogFailures {
  private LogFailures() {}

  static ApiException toKafka(JangadaException failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure.code()) {
      case NOT_LEADER,
          LEADER_NOT_AVAILABLE,
          FENCED_LEADER_EPOCH,
          UNKNOWN_LEADER_EPOCH,
          UNKNOWN_TOPIC,
          UNKNOWN_PARTITION,
          SHUTTING_DOWN ->
          new NotLeaderOrFollowerException(message, failure);
      case NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS_AFTER_APPEND ->
          new NotEnoughReplicasException(message, failure);
      case OVERLOADED, REQUEST_TIMED_OUT -> new TimeoutException(message, failure);
      case MESSAGE_TOO_LARGE -> new RecordTooLargeException(message, failure);
      case CORRUPT_MESSAGE -> new CorruptRecordException(message, failure);
      case STORAGE_ERROR, DISK_FULL -> new KafkaStorageException(message, failure);
      default -> new UnknownServerException(message, failure);
    };
  }
}
