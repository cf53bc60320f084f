// SPDX-License-Identifier: Apache-2.0
package io.jangada.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jangada.api.v1.Error;
import io.jangada.api.v1.LeaderHint;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.util.Optional;

/**
 * Typed errors on the wire. An item's error is an {@link Error} in the answer; where a whole call
 * fails, the same message travels in the trailers under {@code jangada-error-bin}, beside a gRPC
 * status for those who look no further.
 */
public final class WireErrors {
  /** The trailer that carries the typed error of a call that failed as a whole. */
  public static final Metadata.Key<byte[]> TRAILER =
      Metadata.Key.of("jangada-error-bin", Metadata.BINARY_BYTE_MARSHALLER);

  /** What Netty says of a server whose first bytes are not HTTP/2's. */
  private static final String NOT_GRPC = "First received frame was not SETTINGS";

  private WireErrors() {}

  /** The exception as a message, without a leader hint. */
  public static Error toWire(JangadaException e) {
    return Error.newBuilder()
        .setCode(e.code().name())
        .setMessage(messageOf(e))
        .setHint(e.hint())
        .setDefinite(e.definite())
        .setRetriable(e.retriable())
        .build();
  }

  /** The exception as a message that says who leads. */
  public static Error toWire(JangadaException e, LeaderHint leader) {
    return toWire(e).toBuilder().setLeader(leader).build();
  }

  /**
   * The message as an exception. A code that is not known here, because the other side is newer,
   * becomes UNAVAILABLE where it is worth a retry and INTERNAL where it is not, as definite as the
   * message says.
   */
  public static JangadaException fromWire(Error error) {
    Optional<ErrorCode> known = ErrorCode.ofName(error.getCode());
    if (known.isPresent()) {
      return new JangadaException(
          known.get(), error.getMessage(), error.getHint(), error.getDefinite(), null);
    }
    return new JangadaException(
        error.getRetriable() ? ErrorCode.UNAVAILABLE : ErrorCode.INTERNAL,
        "expected an error code of this version, but got "
            + error.getCode()
            + ": "
            + error.getMessage(),
        error.getHint(),
        error.getDefinite(),
        null);
  }

  /** The exception that a server's call is ended with. */
  public static StatusRuntimeException toStatus(JangadaException e) {
    Metadata trailers = new Metadata();
    trailers.put(TRAILER, toWire(e).toByteArray());
    return statusOf(e.code()).withDescription(messageOf(e)).asRuntimeException(trailers);
  }

  /** The typed error in the trailers of a failed call; empty where the other side sent none. */
  public static Optional<Error> inTrailers(Throwable failure) {
    Metadata trailers = Status.trailersFromThrowable(failure);
    byte[] bytes = trailers == null ? null : trailers.get(TRAILER);
    if (bytes == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Error.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  /**
   * What a failed call means to its caller: the typed error where there is one, else a reading of
   * the gRPC status.
   *
   * @param sent false if the request surely never left this process, so that the failure is
   *     definite
   */
  public static JangadaException fromCall(Throwable failure, String peer, boolean sent) {
    Optional<Error> typed = inTrailers(failure);
    if (typed.isPresent()) {
      return fromWire(typed.get());
    }
    Status status = Status.fromThrowable(failure);
    ErrorCode code =
        switch (status.getCode()) {
          case UNAVAILABLE -> sent ? ErrorCode.NETWORK_ERROR : ErrorCode.UNAVAILABLE;
          case DEADLINE_EXCEEDED -> ErrorCode.REQUEST_TIMED_OUT;
          case CANCELLED, ABORTED -> ErrorCode.NETWORK_ERROR;
          case RESOURCE_EXHAUSTED -> ErrorCode.OVERLOADED;
          case UNIMPLEMENTED -> ErrorCode.UNSUPPORTED;
          case INVALID_ARGUMENT -> ErrorCode.INVALID_REQUEST;
          default -> ErrorCode.INTERNAL;
        };
    String text = describe(status);
    if (text.contains(NOT_GRPC)) {
      // Whoever answered did not understand the question.
      return new JangadaException(
          ErrorCode.UNAVAILABLE,
          "expected a broker at " + peer + ", but what answers there does not speak gRPC",
          "give the gRPC address of a broker: port 7400, unless configured otherwise",
          true,
          failure);
    }
    return new JangadaException(
        code,
        "expected " + expectation(status, peer, text),
        status.getCode() == Status.Code.UNIMPLEMENTED
            ? "give the gRPC address of a broker of this release or a later one"
            : "look whether the broker at " + peer + " runs and can be reached",
        !sent || (code.definite() && code != ErrorCode.OVERLOADED),
        failure);
  }

  private static String expectation(Status status, String peer, String text) {
    if (text.contains("onnection refused")) {
      return "a broker at " + peer + ", but nothing listens there (connection refused)";
    }
    if (text.contains("nable to resolve host")) {
      return "a broker at " + peer + ", but there is no host of that name";
    }
    return switch (status.getCode()) {
      case UNIMPLEMENTED ->
          "a broker at " + peer + ", but what answers there does not know the call (" + text + ")";
      case DEADLINE_EXCEEDED -> "an answer from " + peer + ", but none came in time";
      default -> "an answer from " + peer + ", but the call ended with " + text;
    };
  }

  private static String describe(Status status) {
    StringBuilder text = new StringBuilder(status.getCode().name());
    if (status.getDescription() != null) {
      text.append(": ").append(status.getDescription());
    }
    if (status.getCause() != null && status.getCause().getMessage() != null) {
      text.append(" (").append(status.getCause().getMessage()).append(')');
    }
    return text.toString();
  }

  private static String messageOf(JangadaException e) {
    return e.getMessage() == null ? "" : e.getMessage();
  }

  private static Status statusOf(ErrorCode code) {
    return switch (code) {
      case INVALID_REQUEST,
          INVALID_TOPIC_NAME,
          INVALID_REPLICATION_FACTOR,
          INVALID_REPLICA_ASSIGNMENT,
          INVALID_PARTITIONS,
          INVALID_CONFIG,
          MESSAGE_TOO_LARGE,
          CORRUPT_MESSAGE,
          INVALID_RECORD,
          INVALID_TIMESTAMP ->
          Status.INVALID_ARGUMENT;
      case TOPIC_ALREADY_EXISTS -> Status.ALREADY_EXISTS;
      case UNKNOWN_TOPIC, UNKNOWN_PARTITION, UNKNOWN_NODE, GROUP_NOT_FOUND, UNKNOWN_MEMBER ->
          Status.NOT_FOUND;
      case OFFSET_OUT_OF_RANGE -> Status.OUT_OF_RANGE;
      case OVERLOADED, DISK_FULL, GROUP_FULL -> Status.RESOURCE_EXHAUSTED;
      case REQUEST_TIMED_OUT -> Status.DEADLINE_EXCEEDED;
      case UNSUPPORTED -> Status.UNIMPLEMENTED;
      case INTERNAL, STORAGE_ERROR -> Status.INTERNAL;
      case LEADER_NOT_AVAILABLE,
          PREFERRED_LEADER_NOT_AVAILABLE,
          OFFSET_NOT_AVAILABLE,
          NOT_ENOUGH_REPLICAS,
          NOT_ENOUGH_REPLICAS_AFTER_APPEND,
          NETWORK_ERROR,
          UNAVAILABLE,
          QUORUM_UNAVAILABLE,
          COORDINATOR_LOADING,
          SHUTTING_DOWN ->
          Status.UNAVAILABLE;
      case NOT_LEADER,
          FENCED_LEADER_EPOCH,
          UNKNOWN_LEADER_EPOCH,
          UNEXPECTED_OFFSET,
          OUT_OF_ORDER_SEQUENCE,
          DUPLICATE_SEQUENCE,
          INVALID_PRODUCER_EPOCH,
          UNKNOWN_PRODUCER_ID,
          NOT_CONTROLLER,
          STALE_BROKER_EPOCH,
          BROKER_NOT_REGISTERED,
          DUPLICATE_BROKER_ID,
          INVALID_UPDATE_VERSION,
          INCONSISTENT_CLUSTER_ID,
          INCONSISTENT_NODE_ID,
          STORAGE_NOT_FORMATTED,
          STORAGE_ALREADY_FORMATTED,
          STORAGE_LOCKED,
          PORT_IN_USE,
          POLICY_VIOLATION,
          NOT_COORDINATOR,
          GROUP_NOT_EMPTY,
          INCONSISTENT_GROUP_PROTOCOL,
          FENCED_MEMBER_EPOCH,
          STALE_MEMBER_EPOCH,
          UNRELEASED_INSTANCE,
          FENCED_INSTANCE,
          UNSAFE ->
          Status.FAILED_PRECONDITION;
    };
  }
}
