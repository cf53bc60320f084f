// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.quorum;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.metadata.liveness.Prober;
import io.jangada.metadata.machine.Applied;
import io.jangada.metadata.membership.MembershipRecord;
import io.jangada.metadata.membership.QuorumChange;
import io.jangada.metadata.membership.QuorumMember;
import io.jangada.metadata.membership.QuorumRules;
import io.jangada.metadata.ratis.LogMember;
import io.jangada.metadata.ratis.LogView;
import io.jangada.metadata.ratis.MetadataLog;
import io.jangada.metadata.rpc.GrpcCandidates;
import io.jangada.metadata.rpc.GrpcCandidates.Candidate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes of the quorum's members, on its leader, one at a time: checked by {@link QuorumRules},
 * carried out by the log, which is where it is written who votes. Thread-safe; never blocks.
 */
final class QuorumChanges {
  private static final Logger LOG = LoggerFactory.getLogger(QuorumChanges.class);

  /** Members answer each other every quarter of a second. */
  private static final long CONTACT_MS = 1_500;

  private final int nodeId;
  private final Supplier<Optional<MetadataLog<Applied>>> log;
  private final MembershipRecord membership;
  private final GrpcCandidates candidates;
  private final Prober prober;
  private final Runnable votersChanged;
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile long leadsSinceNanos = System.nanoTime();

  QuorumChanges(
      int nodeId,
      Supplier<Optional<MetadataLog<Applied>>> log,
      MembershipRecord membership,
      GrpcCandidates candidates,
      Prober prober,
      Runnable votersChanged) {
    this.nodeId = nodeId;
    this.log = log;
    this.membership = membership;
    this.candidates = candidates;
    this.prober = prober;
    this.votersChanged = votersChanged;
  }

  /** This member leads from now on. */
  void onLeader() {
    leadsSinceNanos = System.nanoTime();
  }

  /**
   * Makes a change, or only checks it.
   *
   * @return fails with a JangadaException: NOT_CONTROLLER (definite) if this member does not lead,
   *     or gives its lead away to be removed; UNAVAILABLE (definite) while another change is under
   *     way or it does not know yet who is alive; UNKNOWN_NODE, UNSAFE, INVALID_REQUEST where it is
   *     refused; QUORUM_UNAVAILABLE (indefinite) if the lead is lost meanwhile
   */
  CompletableFuture<QuorumChange.Done> make(QuorumChange change, boolean validateOnly) {
    Optional<MetadataLog<Applied>> running = log.get();
    if (running.isEmpty() || !running.get().leading()) {
      return CompletableFuture.failedFuture(notLeading());
    }
    if (!busy.compareAndSet(false, true)) {
      return CompletableFuture.failedFuture(
          new JangadaException(
              ErrorCode.UNAVAILABLE,
              "expected no other change of the quorum's members, but one is under way",
              "try again when it is done: jangada quorum status"));
    }
    CompletableFuture<QuorumChange.Done> done;
    try {
      done =
          switch (change) {
            case QuorumChange.Transfer transfer -> transfer(running.get(), transfer, validateOnly);
            case QuorumChange.Add add -> {
              requireOverview();
              yield add(running.get(), add, validateOnly);
            }
            case QuorumChange.Remove remove -> {
              requireOverview();
              yield remove(running.get(), remove, validateOnly);
            }
          };
    } catch (RuntimeException e) {
      done = CompletableFuture.failedFuture(e);
    }
    return done.whenComplete((result, error) -> busy.set(false));
  }

  /** To a new leader every member seems alive at first. */
  private void requireOverview() {
    if (System.nanoTime() - leadsSinceNanos < TimeUnit.MILLISECONDS.toNanos(CONTACT_MS)) {
      throw new JangadaException(
          ErrorCode.UNAVAILABLE,
          "expected the quorum's leader to know which members are alive, but it is new",
          "try again in a moment");
    }
  }

  private CompletableFuture<QuorumChange.Done> transfer(
      MetadataLog<Applied> running, QuorumChange.Transfer transfer, boolean validateOnly) {
    LogView view = running.view();
    int target = QuorumRules.transferTarget(voters(view), transfer.nodeId());
    QuorumChange.Done done = new QuorumChange.Done(target, Optional.empty(), view.members().size());
    if (validateOnly || target == nodeId) {
      return CompletableFuture.completedFuture(done);
    }
    LOG.info("node {}: gives the lead of the quorum to {}, as it was asked to", nodeId, target);
    return running.transferLeadership(target).thenApply(moved -> done);
  }

  private CompletableFuture<QuorumChange.Done> add(
      MetadataLog<Applied> running, QuorumChange.Add add, boolean validateOnly) {
    QuorumMember member = add.member();
    return candidates
        .ask(member.grpcAddress())
        .thenCombine(
            prober.refuses(member.raftAddress()),
            (candidate, refused) -> {
              checkIdentity(add, candidate);
              if (refused) {
                throw new JangadaException(
                    ErrorCode.UNSAFE,
                    "expected node "
                        + member.nodeId()
                        + " to listen for the quorum at "
                        + member.raftAddress()
                        + ", but connections are refused there",
                    "correct the Ratis port: jangada quorum add ID@HOST:GRPCPORT/RATISPORT");
              }
              return candidate;
            })
        .thenCompose(candidate -> add(running, member, candidate, validateOnly));
  }

  private CompletableFuture<QuorumChange.Done> add(
      MetadataLog<Applied> running,
      QuorumMember member,
      Candidate candidate,
      boolean validateOnly) {
    LogView view = running.view();
    String disk = LogMember.diskOf(candidate.directoryId());
    Optional<LogView.MemberView> known =
        view.members().stream().filter(each -> each.nodeId() == member.nodeId()).findFirst();
    int size = view.members().size();
    if (known.isPresent() && known.get().disk().equals(disk)) {
      return CompletableFuture.completedFuture(added(candidate, size));
    }
    if (known.isPresent()) {
      throw new JangadaException(
          ErrorCode.UNSAFE,
          "expected node "
              + member.nodeId()
              + " to be no member of the quorum, but it is one, with the disk "
              + known.get().disk()
              + "… in place of "
              + candidate.directoryId(),
          "if that disk is lost: jangada quorum remove " + member.nodeId() + ", then add it");
    }
    if (!candidate.waiting()) {
      throw new JangadaException(
          ErrorCode.UNSAFE,
          "expected node "
              + member.nodeId()
              + " to wait for being added, but it has a log of the metadata of its own, or is just"
              + " starting",
          "restart it if it was removed from the quorum before; else look at its log");
    }
    QuorumRules.checkAdd(voters(view));
    if (validateOnly) {
      return CompletableFuture.completedFuture(added(candidate, size + 1));
    }
    LOG.info("node {}: adds {} to the quorum, with disk {}", nodeId, member, disk);
    return running
        .addVoter(new LogMember(member.nodeId(), disk, member.raftAddress(), member.grpcAddress()))
        .thenApply(
            voting -> {
              membership.added(member.nodeId(), candidate.directoryId());
              votersChanged.run();
              return added(candidate, size + 1);
            });
  }

  private static QuorumChange.Done added(Candidate candidate, int members) {
    return new QuorumChange.Done(candidate.nodeId(), Optional.of(candidate.directoryId()), members);
  }

  private static void checkIdentity(QuorumChange.Add add, Candidate candidate) {
    QuorumMember member = add.member();
    if (candidate.nodeId() != member.nodeId()) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected node "
              + member.nodeId()
              + " at "
              + member.grpcAddress()
              + ", but node "
              + candidate.nodeId()
              + " answers there",
          "correct the id or the address");
    }
    if (add.directoryId().isPresent() && !add.directoryId().get().equals(candidate.directoryId())) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected node "
              + member.nodeId()
              + " to have the disk "
              + add.directoryId().get()
              + ", but it has "
              + candidate.directoryId(),
          "it is directory.id in the node's meta.properties");
    }
  }

  private CompletableFuture<QuorumChange.Done> remove(
      MetadataLog<Applied> running, QuorumChange.Remove remove, boolean validateOnly) {
    LogView view = running.view();
    List<QuorumRules.Voter> voters = voters(view);
    QuorumRules.checkRemove(voters, remove.nodeId(), remove.force());
    QuorumChange.Done done =
        new QuorumChange.Done(remove.nodeId(), Optional.empty(), view.members().size() - 1);
    if (validateOnly) {
      return CompletableFuture.completedFuture(done);
    }
    if (remove.nodeId() == nodeId) {
      int next = QuorumRules.transferTarget(voters, OptionalInt.empty());
      LOG.info("node {}: gives the lead to {}, which is to remove it", nodeId, next);
      return running
          .transferLeadership(next)
          .thenCompose(moved -> CompletableFuture.failedFuture(notLeading()));
    }
    LOG.info("node {}: removes node {} from the quorum", nodeId, remove.nodeId());
    return running.removeVoter(remove.nodeId()).thenApply(removed -> done);
  }

  private List<QuorumRules.Voter> voters(LogView view) {
    return view.members().stream()
        .map(
            member ->
                new QuorumRules.Voter(
                    member.nodeId(),
                    member.nodeId() == nodeId,
                    Math.max(0, view.committedIndex() - member.matchIndex()),
                    member.nodeId() == nodeId
                        || (member.lastContactMs() >= 0 && member.lastContactMs() <= CONTACT_MS)))
        .toList();
  }

  private JangadaException notLeading() {
    return new JangadaException(
        ErrorCode.NOT_CONTROLLER,
        "expected the leader of the metadata quorum, but node " + nodeId + " does not lead it");
  }
}
