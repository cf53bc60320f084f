// SPDX-License-Identifier: Apache-2.0
package io.jangada.kafka.api;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;

/**
 * The one place that says what a reason is called in the Kafka protocol. What retries there must be
 * safe: a code whose request surely had no effect may become any retriable error.
 */
public final class KafkaErrors {
  private KafkaErrors() {}

  /** What Kafka calls it. */
  public static Errors of(ErrorCode code) {
    return switch (code) {
      case INVALID_REQUEST, UNEXPECTED_OFFSET, UNSAFE, UNKNOWN_NODE -> Errors.INVALID_REQUEST;
      case INVALID_TOPIC_NAME -> Errors.INVALID_TOPIC_EXCEPTION;
      case TOPIC_ALREADY_EXISTS -> Errors.TOPIC_ALREADY_EXISTS;
      case UNKNOWN_TOPIC, UNKNOWN_PARTITION -> Errors.UNKNOWN_TOPIC_OR_PARTITION;
      case INVALID_REPLICATION_FACTOR -> Errors.INVALID_REPLICATION_FACTOR;
      case INVALID_REPLICA_ASSIGNMENT -> Errors.INVALID_REPLICA_ASSIGNMENT;
      case INVALID_PARTITIONS -> Errors.INVALID_PARTITIONS;
      case INVALID_CONFIG -> Errors.INVALID_CONFIG;
      case POLICY_VIOLATION -> Errors.POLICY_VIOLATION;
      case NOT_LEADER -> Errors.NOT_LEADER_OR_FOLLOWER;
      case LEADER_NOT_AVAILABLE -> Errors.LEADER_NOT_AVAILABLE;
      case PREFERRED_LEADER_NOT_AVAILABLE -> Errors.PREFERRED_LEADER_NOT_AVAILABLE;
      case FENCED_LEADER_EPOCH -> Errors.FENCED_LEADER_EPOCH;
      case UNKNOWN_LEADER_EPOCH -> Errors.UNKNOWN_LEADER_EPOCH;
      case NOT_ENOUGH_REPLICAS -> Errors.NOT_ENOUGH_REPLICAS;
      case NOT_ENOUGH_REPLICAS_AFTER_APPEND -> Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
      case OFFSET_NOT_AVAILABLE -> Errors.OFFSET_NOT_AVAILABLE;
      case OFFSET_OUT_OF_RANGE -> Errors.OFFSET_OUT_OF_RANGE;
      case MESSAGE_TOO_LARGE -> Errors.MESSAGE_TOO_LARGE;
      case CORRUPT_MESSAGE -> Errors.CORRUPT_MESSAGE;
      case INVALID_RECORD -> Errors.INVALID_RECORD;
      case INVALID_TIMESTAMP -> Errors.INVALID_TIMESTAMP;
      // Of batches older than the last five Kafka does not know whether they are duplicates.
      case OUT_OF_ORDER_SEQUENCE, DUPLICATE_SEQUENCE -> Errors.OUT_OF_ORDER_SEQUENCE_NUMBER;
      case INVALID_PRODUCER_EPOCH -> Errors.INVALID_PRODUCER_EPOCH;
      case UNKNOWN_PRODUCER_ID -> Errors.UNKNOWN_PRODUCER_ID;
      // Retried by every client, without looking for another leader.
      case OVERLOADED, REQUEST_TIMED_OUT -> Errors.REQUEST_TIMED_OUT;
      case NETWORK_ERROR -> Errors.NETWORK_EXCEPTION;
      case UNAVAILABLE, NOT_CONTROLLER, QUORUM_UNAVAILABLE, INVALID_UPDATE_VERSION ->
          Errors.REQUEST_TIMED_OUT;
      case STALE_BROKER_EPOCH -> Errors.STALE_BROKER_EPOCH;
      case BROKER_NOT_REGISTERED -> Errors.BROKER_ID_NOT_REGISTERED;
      case DUPLICATE_BROKER_ID -> Errors.DUPLICATE_BROKER_REGISTRATION;
      case INCONSISTENT_CLUSTER_ID -> Errors.INCONSISTENT_CLUSTER_ID;
      case STORAGE_ERROR,
          DISK_FULL,
          INCONSISTENT_NODE_ID,
          STORAGE_NOT_FORMATTED,
          STORAGE_ALREADY_FORMATTED,
          STORAGE_LOCKED ->
          Errors.KAFKA_STORAGE_ERROR;
      case NOT_COORDINATOR -> Errors.NOT_COORDINATOR;
      case COORDINATOR_LOADING -> Errors.COORDINATOR_LOAD_IN_PROGRESS;
      case GROUP_NOT_FOUND -> Errors.GROUP_ID_NOT_FOUND;
      case GROUP_NOT_EMPTY -> Errors.NON_EMPTY_GROUP;
      case GROUP_FULL -> Errors.GROUP_MAX_SIZE_REACHED;
      case INCONSISTENT_GROUP_PROTOCOL -> Errors.INCONSISTENT_GROUP_PROTOCOL;
      case UNKNOWN_MEMBER -> Errors.UNKNOWN_MEMBER_ID;
      case FENCED_MEMBER_EPOCH -> Errors.FENCED_MEMBER_EPOCH;
      case STALE_MEMBER_EPOCH -> Errors.STALE_MEMBER_EPOCH;
      case UNRELEASED_INSTANCE -> Errors.UNRELEASED_INSTANCE_ID;
      case FENCED_INSTANCE -> Errors.FENCED_INSTANCE_ID;
      // Clients look for the new leader.
      case SHUTTING_DOWN -> Errors.NOT_LEADER_OR_FOLLOWER;
      case UNSUPPORTED -> Errors.UNSUPPORTED_VERSION;
      case PORT_IN_USE, INTERNAL -> Errors.UNKNOWN_SERVER_ERROR;
    };
  }

  /** What Kafka calls it, however it was wrapped; UNKNOWN_SERVER_ERROR for a defect. */
  public static Errors of(Throwable failure) {
    return switch (cause(failure)) {
      case JangadaException typed -> of(typed.code());
      case ApiException kafkas -> Errors.forException(kafkas);
      default -> Errors.UNKNOWN_SERVER_ERROR;
    };
  }

  /** What may be told to the client beside the error: nothing of a defect. */
  public static String message(Throwable failure) {
    Throwable cause = cause(failure);
    return switch (cause) {
      case JangadaException typed ->
          typed.hint().isEmpty()
              ? String.valueOf(typed.getMessage())
              : typed.getMessage() + "; " + typed.hint();
      case ApiException kafkas -> String.valueOf(kafkas.getMessage());
      default -> Errors.UNKNOWN_SERVER_ERROR.message();
    };
  }

  /** Whether it is nothing that a client could bring about: it belongs into the log. */
  public static boolean isDefect(Throwable failure) {
    return switch (cause(failure)) {
      case JangadaException typed -> of(typed.code()) == Errors.UNKNOWN_SERVER_ERROR;
      case ApiException meant -> false;
      default -> true;
    };
  }

  /** Without what futures wrap around it. */
  public static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
