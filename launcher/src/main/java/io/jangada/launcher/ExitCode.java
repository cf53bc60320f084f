// SPDX-License-Identifier: Apache-2.0
package io.jangada.launcher;

import io.jangada.common.ErrorCode;

/** What {@code jangada} exits with. The numbers are a contract with scripts. */
public enum ExitCode {
  /** Done. */
  DONE(0),
  /** Failed for a reason that no other code names. */
  FAILED(1),
  /** The command line is wrong; nothing was tried. */
  USAGE(2),
  /** What was named does not exist. */
  NOT_FOUND(3),
  /** Refused because it would break a promise or destroy without being told to. */
  UNSAFE(4),
  /** Nobody could answer, or not in time; the same command may succeed later. */
  UNAVAILABLE(5);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** The number that the process exits with. */
  public int number() {
    return number;
  }

  /** The exit code for a failure with that error code. */
  public static ExitCode of(ErrorCode code) {
    return switch (code) {
      case UNKNOWN_TOPIC, UNKNOWN_PARTITION, UNKNOWN_NODE, GROUP_NOT_FOUND -> NOT_FOUND;
      case UNSAFE, GROUP_NOT_EMPTY -> ExitCode.UNSAFE;
      case NOT_LEADER,
          LEADER_NOT_AVAILABLE,
          PREFERRED_LEADER_NOT_AVAILABLE,
          FENCED_LEADER_EPOCH,
          UNKNOWN_LEADER_EPOCH,
          NOT_ENOUGH_REPLICAS,
          NOT_ENOUGH_REPLICAS_AFTER_APPEND,
          OFFSET_NOT_AVAILABLE,
          OVERLOADED,
          REQUEST_TIMED_OUT,
          NETWORK_ERROR,
          UNAVAILABLE,
          NOT_CONTROLLER,
          QUORUM_UNAVAILABLE,
          BROKER_NOT_REGISTERED,
          NOT_COORDINATOR,
          COORDINATOR_LOADING,
          SHUTTING_DOWN ->
          UNAVAILABLE;
      case INVALID_REQUEST,
          INVALID_TOPIC_NAME,
          TOPIC_ALREADY_EXISTS,
          INVALID_REPLICATION_FACTOR,
          INVALID_REPLICA_ASSIGNMENT,
          INVALID_PARTITIONS,
          INVALID_CONFIG,
          OFFSET_OUT_OF_RANGE,
          MESSAGE_TOO_LARGE,
          CORRUPT_MESSAGE,
          INVALID_RECORD,
          INVALID_TIMESTAMP,
          UNEXPECTED_OFFSET,
          OUT_OF_ORDER_SEQUENCE,
          DUPLICATE_SEQUENCE,
          INVALID_PRODUCER_EPOCH,
          UNKNOWN_PRODUCER_ID,
          GROUP_FULL,
          INCONSISTENT_GROUP_PROTOCOL,
          UNKNOWN_MEMBER,
          FENCED_MEMBER_EPOCH,
          STALE_MEMBER_EPOCH,
          UNRELEASED_INSTANCE,
          FENCED_INSTANCE,
          STALE_BROKER_EPOCH,
          DUPLICATE_BROKER_ID,
          INVALID_UPDATE_VERSION,
          INCONSISTENT_CLUSTER_ID,
          INCONSISTENT_NODE_ID,
          STORAGE_NOT_FORMATTED,
          STORAGE_ALREADY_FORMATTED,
          STORAGE_LOCKED,
          PORT_IN_USE,
          STORAGE_ERROR,
          DISK_FULL,
          POLICY_VIOLATION,
          UNSUPPORTED,
          INTERNAL ->
          FAILED;
    };
  }
}
