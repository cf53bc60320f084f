// SPDX-License-Identifier: Apache-2.0
package io.jangada.groups;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What Kafka's coordinator refuses, in our words. */
final class GroupFailures {
  private GroupFailures() {}

  /** A failed future of the coordinator's, however it was wrapped; a defect stays what it is. */
  static RuntimeException of(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case JangadaException ours -> ours;
      case ApiException kafkas -> of(Errors.forException(kafkas), kafkas.getMessage());
      case RuntimeException defect -> defect;
      default -> new IllegalStateException(cause);
    };
  }

  /**
   * An error in an answer.
   *
   * @param said what the coordinator says to it; null: nothing
   */
  static JangadaException of(Errors error, @Nullable String said) {
    ErrorCode code = code(error);
    String message =
        "expected the coordinator to do it, but " + (said == null ? error.message() : said);
    return new JangadaException(code, message, hint(code), code.definite(), null);
  }

  private static ErrorCode code(Errors error) {
    return switch (error) {
      case NOT_COORDINATOR -> ErrorCode.NOT_COORDINATOR;
      case COORDINATOR_LOAD_IN_PROGRESS -> ErrorCode.COORDINATOR_LOADING;
      case GROUP_ID_NOT_FOUND -> ErrorCode.GROUP_NOT_FOUND;
      case NON_EMPTY_GROUP, GROUP_SUBSCRIBED_TO_TOPIC -> ErrorCode.GROUP_NOT_EMPTY;
      case GROUP_MAX_SIZE_REACHED -> ErrorCode.GROUP_FULL;
      case INCONSISTENT_GROUP_PROTOCOL -> ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
      case UNKNOWN_MEMBER_ID -> ErrorCode.UNKNOWN_MEMBER;
      case FENCED_MEMBER_EPOCH, ILLEGAL_GENERATION -> ErrorCode.FENCED_MEMBER_EPOCH;
      case STALE_MEMBER_EPOCH -> ErrorCode.STALE_MEMBER_EPOCH;
      case UNRELEASED_INSTANCE_ID -> ErrorCode.UNRELEASED_INSTANCE;
      case FENCED_INSTANCE_ID -> ErrorCode.FENCED_INSTANCE;
      case UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID -> ErrorCode.UNKNOWN_PARTITION;
      case UNSTABLE_OFFSET_COMMIT -> ErrorCode.OFFSET_NOT_AVAILABLE;
      case NOT_ENOUGH_REPLICAS -> ErrorCode.NOT_ENOUGH_REPLICAS;
      // What it says of a log that does not take its records, or not in time.
      case COORDINATOR_NOT_AVAILABLE, REQUEST_TIMED_OUT -> ErrorCode.REQUEST_TIMED_OUT;
      case INVALID_REQUEST,
          INVALID_GROUP_ID,
          INVALID_REGULAR_EXPRESSION,
          UNSUPPORTED_ASSIGNOR,
          OFFSET_METADATA_TOO_LARGE,
          INVALID_COMMIT_OFFSET_SIZE ->
          ErrorCode.INVALID_REQUEST;
      case UNSUPPORTED_VERSION -> ErrorCode.UNSUPPORTED;
      case KAFKA_STORAGE_ERROR -> ErrorCode.STORAGE_ERROR;
      default -> ErrorCode.INTERNAL;
    };
  }

  private static String hint(ErrorCode code) {
    return switch (code) {
      case UNKNOWN_MEMBER, FENCED_MEMBER_EPOCH -> "join the group again";
      case STALE_MEMBER_EPOCH -> "try again with the epoch that the next heartbeat's answer tells";
      case GROUP_NOT_EMPTY -> "stop its members first";
      case GROUP_NOT_FOUND -> "jangada group list shows the groups there are";
      case GROUP_FULL -> "start fewer members, or raise groups.max-size";
      case UNRELEASED_INSTANCE, FENCED_INSTANCE ->
          "give each member of the group an instance id of its own";
      case INCONSISTENT_GROUP_PROTOCOL ->
          "have all members use the consumer protocol (KIP-848): group.protocol=consumer";
      default -> "";
    };
  }
}
