// SPDX-License-Identifier: Apache-2.0
package io.jangada.common;

import java.util.Optional;

/**
 * Every reason for which a request, or one item of it, is not done. The names are stable: they are
 * what goes over the wire and what scripts match on.
 *
 * <p>A code says by default whether the request is worth sending again ({@link #retriable}) and
 * whether it surely had no effect ({@link #definite}). A {@link JangadaException} may weaken
 * "definite" for its own case, never strengthen it.
 */
public enum ErrorCode {
  /** A name, number or combination in the request is not acceptable. */
  INVALID_REQUEST(false, true),
  /** A topic name breaks the naming rule. */
  INVALID_TOPIC_NAME(false, true),
  /** A topic with that name exists. */
  TOPIC_ALREADY_EXISTS(false, true),
  /** No such topic, or the id belongs to one that was deleted. */
  UNKNOWN_TOPIC(true, true),
  /** The topic has no such partition, or this broker has not heard of it yet. */
  UNKNOWN_PARTITION(true, true),
  /** More replicas asked for than brokers can hold. */
  INVALID_REPLICATION_FACTOR(false, true),
  /** The brokers that were chosen for a partition cannot hold it. */
  INVALID_REPLICA_ASSIGNMENT(false, true),
  /** The number of partitions is out of range. */
  INVALID_PARTITIONS(false, true),
  /** An unknown configuration key or a value out of range. */
  INVALID_CONFIG(false, true),
  /** This broker does not lead the partition. */
  NOT_LEADER(true, true),
  /** The partition has no leader now. */
  LEADER_NOT_AVAILABLE(true, true),
  /** The preferred replica is out of service or not in sync, so it cannot be elected. */
  PREFERRED_LEADER_NOT_AVAILABLE(true, true),
  /** The leader epoch in the request is older than the partition's. */
  FENCED_LEADER_EPOCH(true, true),
  /** The leader epoch in the request is newer than this broker knows. */
  UNKNOWN_LEADER_EPOCH(true, true),
  /** Too few in-sync replicas; refused before the append. */
  NOT_ENOUGH_REPLICAS(true, true),
  /** Too few in-sync replicas after the append: the records may survive or not. */
  NOT_ENOUGH_REPLICAS_AFTER_APPEND(true, false),
  /** A new leader does not know its high watermark yet (KIP-207). */
  OFFSET_NOT_AVAILABLE(true, true),
  /** The asked offset is below the log start or above the log end. */
  OFFSET_OUT_OF_RANGE(false, true),
  /** A record batch is larger than the topic's max.message.bytes. */
  MESSAGE_TOO_LARGE(false, true),
  /** A record batch is malformed or its checksum is wrong. */
  CORRUPT_MESSAGE(false, true),
  /** A record of a batch is not what its topic takes. */
  INVALID_RECORD(false, true),
  /** A record's timestamp is further away from now than its topic takes. */
  INVALID_TIMESTAMP(false, true),
  /** The log does not end where a conditional append expects it to (compare-and-set failed). */
  UNEXPECTED_OFFSET(false, true),
  /** An idempotent producer's batch does not follow the last one. */
  OUT_OF_ORDER_SEQUENCE(false, true),
  /** The batch was appended before and its offset is no longer remembered. */
  DUPLICATE_SEQUENCE(false, true),
  /** A newer incarnation of the producer has written. */
  INVALID_PRODUCER_EPOCH(false, true),
  /** The partition no longer remembers the producer id. */
  UNKNOWN_PRODUCER_ID(false, true),
  /** A queue or buffer is full; send less, later. */
  OVERLOADED(true, true),
  /** The answer did not come in time; the request may have been carried out. */
  REQUEST_TIMED_OUT(true, false),
  /** The connection or the stream broke; the request may have been carried out. */
  NETWORK_ERROR(true, false),
  /** No broker answers at any known address. */
  UNAVAILABLE(true, true),
  /** This node does not lead the metadata quorum. */
  NOT_CONTROLLER(true, true),
  /** The metadata quorum has no leader, or lost its majority. */
  QUORUM_UNAVAILABLE(true, false),
  /** The broker epoch is not the registered one: a newer incarnation has registered. */
  STALE_BROKER_EPOCH(false, true),
  /** The broker is not registered with the quorum. */
  BROKER_NOT_REGISTERED(true, true),
  /** Another live process holds the broker id. */
  DUPLICATE_BROKER_ID(false, true),
  /** The partition changed since the request was decided (compare-and-set failed). */
  INVALID_UPDATE_VERSION(true, true),
  /** The cluster id is not this cluster's. */
  INCONSISTENT_CLUSTER_ID(false, true),
  /** The data directory belongs to another node. */
  INCONSISTENT_NODE_ID(false, true),
  /** The data directory was not prepared with {@code jangada format}. */
  STORAGE_NOT_FORMATTED(false, true),
  /** The data directory was formatted before. */
  STORAGE_ALREADY_FORMATTED(false, true),
  /** Another process uses the data directory. */
  STORAGE_LOCKED(false, true),
  /** Another process listens on the port. */
  PORT_IN_USE(false, true),
  /** The log directory failed; its partitions are offline here. */
  STORAGE_ERROR(true, false),
  /** The disk is full; refused before the append. */
  DISK_FULL(true, true),
  /** This broker does not coordinate the group. */
  NOT_COORDINATOR(true, true),
  /** The group's coordinator has just begun, and reads what it has to know. */
  COORDINATOR_LOADING(true, true),
  /** No group of that name. */
  GROUP_NOT_FOUND(false, true),
  /** The group has members, which would have to leave first. */
  GROUP_NOT_EMPTY(false, true),
  /** The group has as many members as it may have. */
  GROUP_FULL(false, true),
  /** The group has members that share partitions in another way, which cannot be joined. */
  INCONSISTENT_GROUP_PROTOCOL(false, true),
  /** The group has no such member, or no longer: it was silent for too long. It may join again. */
  UNKNOWN_MEMBER(false, true),
  /** The member's epoch is not the group's: it has lost its partitions, and may join again. */
  FENCED_MEMBER_EPOCH(false, true),
  /** The member's epoch has moved on: the next heartbeat's answer says to what. */
  STALE_MEMBER_EPOCH(false, true),
  /** Another member of the group still holds the instance id. */
  UNRELEASED_INSTANCE(true, true),
  /** Another member of the group has taken the instance id over. */
  FENCED_INSTANCE(false, true),
  /** The process is shutting down. */
  SHUTTING_DOWN(true, true),
  /** No node of that id is what the request needs: a member of the quorum, a registered broker. */
  UNKNOWN_NODE(false, true),
  /** What is asked would break a promise, such as the majority of the quorum. */
  UNSAFE(false, true),
  /** A rule of the topic or of the cluster forbids it. */
  POLICY_VIOLATION(false, true),
  /** The other side does not know this request or version. */
  UNSUPPORTED(false, true),
  /** A defect; the log of the broker has more. */
  INTERNAL(false, false);

  private final boolean retriable;
  private final boolean definite;

  ErrorCode(boolean retriable, boolean definite) {
    this.retriable = retriable;
    this.definite = definite;
  }

  /** Whether the same request may succeed later or on another broker. */
  public boolean retriable() {
    return retriable;
  }

  /** Whether a request answered with this code surely had no effect. */
  public boolean definite() {
    return definite;
  }

  /** The code of that stable name, or empty where a newer peer uses one we do not know. */
  public static Optional<ErrorCode> ofName(String name) {
    for (ErrorCode code : values()) {
      if (code.name().equals(name)) {
        return Optional.of(code);
      }
    }
    return Optional.empty();
  }
}
