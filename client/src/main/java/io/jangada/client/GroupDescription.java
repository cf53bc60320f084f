// SPDX-License-Identifier: Apache-2.0
package io.jangada.client;

import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A consumer group with its members and offsets, and how it gets on. Immutable.
 *
 * @param group in short
 * @param assignor how partitions are assigned; empty where that is not known
 * @param members who is in it
 * @param offsets one for each partition with a committed offset or a member, by topic and partition
 * @param verdict how it gets on
 * @param findings why, the worst first; at least one
 * @param watchedSince since when its coordinator has looked at its offsets: nothing older went into
 *     the verdict
 */
public record GroupDescription(
    GroupListing group,
    String assignor,
    List<Member> members,
    List<Offset> offsets,
    Verdict verdict,
    List<Finding> findings,
    Instant watchedSince) {

  /** Copies the lists. */
  public GroupDescription {
    members = List.copyOf(members);
    offsets = List.copyOf(offsets);
    findings = List.copyOf(findings);
  }

  /** How a group gets on. */
  public enum Verdict {
    /** Has no members, or they have read everything. */
    IDLE,
    /** Reads, and keeps up or catches up. */
    MOVING,
    /** Reads, and falls further behind. */
    SLOW,
    /** Has members, and there is something to read in a partition in which nothing moves. */
    STUCK,
    /** One that this version does not know. */
    UNKNOWN
  }

  /**
   * A member.
   *
   * @param memberId unique in the group
   * @param instanceId of a static member (KIP-345); else empty
   * @param clientId what the client calls itself
   * @param host where it is
   * @param assignment what it reads
   * @param pending what it is still to give up or to take on
   */
  public record Member(
      String memberId,
      String instanceId,
      String clientId,
      String host,
      List<TopicPartition> assignment,
      List<TopicPartition> pending) {
    /** Copies the lists. */
    public Member {
      assignment = List.copyOf(assignment);
      pending = List.copyOf(pending);
    }
  }

  /**
   * How far the group is in a partition.
   *
   * @param offset the next to be read; empty where nothing was committed
   * @param logEndOffset where the records end that readers see; empty where the leader could not be
   *     asked
   * @param lag how many offsets are still to be read; empty where one of the others is
   * @param memberId who reads it; empty: nobody
   * @param metadata what was committed beside the offset
   * @param waitingSince since when there has been something to read while the offset did not move,
   *     as far as the coordinator has looked; empty: it does not wait
   * @param error why the end is not known
   */
  public record Offset(
      TopicPartition partition,
      OptionalLong offset,
      OptionalLong logEndOffset,
      OptionalLong lag,
      String memberId,
      String metadata,
      Optional<Instant> waitingSince,
      Optional<JangadaException> error) {}

  /**
   * One reason for a verdict.
   *
   * @param message one sentence for a person
   * @param memberId whom it is about; empty: nobody
   * @param partition which one it is about
   * @param since since when, where that matters
   */
  public record Finding(
      String message,
      String memberId,
      Optional<TopicPartition> partition,
      Optional<Instant> since) {}
}
