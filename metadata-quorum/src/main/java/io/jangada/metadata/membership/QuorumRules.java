// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.membership;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/**
 * Which changes of the quorum are safe. The quorum needs a majority of its members, so that each
 * change is judged by how many members of the quorum to be are in contact with the leader.
 */
public final class QuorumRules {
  /** More members are slower and hardly safer. */
  public static final int MAX_MEMBERS = 7;

  /** A member that lags by more is no leader to be: nothing is committed until it has caught up. */
  private static final long MAX_LAG_ENTRIES = 1_000;

  private QuorumRules() {}

  /**
   * A member as the leader sees it.
   *
   * @param leads whether it is the leader itself
   * @param lagEntries what it lacks of what is committed
   * @param inContact whether the leader has just heard of it
   */
  public record Voter(int nodeId, boolean leads, long lagEntries, boolean inContact) {}

  /**
   * Who is to lead.
   *
   * @param wanted the node, or empty for the best one
   * @throws JangadaException UNKNOWN_NODE if it is no member, UNSAFE if it could not lead now
   */
  public static int transferTarget(List<Voter> voters, OptionalInt wanted) {
    if (wanted.isPresent()) {
      Voter target = member(voters, wanted.getAsInt());
      if (!target.leads()) {
        requireFit(target);
      }
      return target.nodeId();
    }
    return voters.stream()
        .filter(voter -> !voter.leads() && fit(voter))
        .min(Comparator.comparingLong(Voter::lagEntries).thenComparingInt(Voter::nodeId))
        .map(Voter::nodeId)
        .orElseThrow(
            () ->
                new JangadaException(
                    ErrorCode.UNSAFE,
                    "expected another member that could lead the quorum, but none is in contact"
                        + " with the leader",
                    "look at the members: jangada quorum status"));
  }

  private static boolean fit(Voter voter) {
    return voter.inContact() && voter.lagEntries() <= MAX_LAG_ENTRIES;
  }

  private static void requireFit(Voter target) {
    if (!target.inContact()) {
      throw new JangadaException(
          ErrorCode.UNSAFE,
          "expected the leader to be in contact with member "
              + target.nodeId()
              + ", but it does not answer",
          "start it, or choose another one: jangada quorum status");
    }
    if (!fit(target)) {
      throw new JangadaException(
          ErrorCode.UNSAFE,
          "expected member "
              + target.nodeId()
              + " to have caught up, but it lacks "
              + target.lagEntries()
              + " entries",
          "wait until it has, or choose another one: jangada quorum status");
    }
  }

  /**
   * Whether one more may vote.
   *
   * @throws JangadaException UNSAFE if the larger quorum would have no majority in contact
   */
  public static void checkAdd(List<Voter> voters) {
    int members = voters.size() + 1;
    int alive = alive(voters) + 1;
    if (members > MAX_MEMBERS) {
      throw new JangadaException(
          ErrorCode.UNSAFE,
          "expected at most "
              + MAX_MEMBERS
              + " members of the quorum, but it would have "
              + members,
          "remove one first: jangada quorum remove ID");
    }
    if (alive < majority(members)) {
      throw noMajority(members, alive);
    }
  }

  /**
   * Whether a member may go.
   *
   * @throws JangadaException UNKNOWN_NODE if it is none, UNSAFE if it is the last, if those left
   *     would have no majority in contact, or, unless forced, if none of them could fail any more
   *     while now one can
   */
  public static void checkRemove(List<Voter> voters, int nodeId, boolean force) {
    Voter leaving = member(voters, nodeId);
    int members = voters.size() - 1;
    int alive = alive(voters) - (leaving.inContact() ? 1 : 0);
    if (members == 0) {
      throw new JangadaException(
          ErrorCode.UNSAFE,
          "expected another member besides node " + nodeId + ", but it is the last of the quorum",
          "add one first: jangada quorum add ID@HOST:GRPCPORT/RATISPORT");
    }
    if (alive < majority(members)) {
      throw noMajority(members, alive);
    }
    int spareNow = alive(voters) - majority(voters.size());
    int spareThen = alive - majority(members);
    if (!force && spareThen == 0 && spareNow > 0) {
      throw new JangadaException(
          ErrorCode.UNSAFE,
          "expected a quorum that may lose a member, but without node "
              + nodeId
              + " it loses its majority when any of the "
              + members
              + " that are left fails, and then no leader, topic or in-sync replica changes",
          "add another member first: jangada quorum add ID@HOST:GRPCPORT/RATISPORT; or accept that:"
              + " jangada quorum remove "
              + nodeId
              + " --force");
    }
  }

  private static Voter member(List<Voter> voters, int nodeId) {
    return voters.stream()
        .filter(voter -> voter.nodeId() == nodeId)
        .findFirst()
        .orElseThrow(
            () ->
                new JangadaException(
                    ErrorCode.UNKNOWN_NODE,
                    "expected a member of the metadata quorum, but node "
                        + nodeId
                        + " is none of "
                        + voters.stream().map(Voter::nodeId).toList(),
                    "jangada quorum status"));
  }

  private static int alive(List<Voter> voters) {
    return (int) voters.stream().filter(Voter::inContact).count();
  }

  private static int majority(int members) {
    return members / 2 + 1;
  }

  private static JangadaException noMajority(int members, int alive) {
    return new JangadaException(
        ErrorCode.UNSAFE,
        "expected a majority of the quorum after the change, but of "
            + members
            + " members only "
            + alive
            + " would be in contact: nothing could be committed any more",
        "start or replace the members that do not answer first: jangada quorum status");
  }
}
