// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.common.ErrorCode;
import io.jangada.common.TopicIdPartition;
import io.jangada.metadata.command.ConditionalBatch;
import io.jangada.metadata.command.ControllerAnswer;
import io.jangada.metadata.command.ControllerRequest;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.controller.BrokenPromises;
import io.jangada.metadata.controller.Controller;
import io.jangada.metadata.controller.Decision;
import io.jangada.metadata.image.MetadataDelta;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.liveness.SlowDisks;
import io.jangada.metadata.machine.Applied;
import io.jangada.metadata.machine.MetadataMachine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The metadata quorum: the real controller and state machine over a log in memory. What a deposed
 * leader had proposed is committed or lost, and nobody is told which.
 */
final class SimQuorum {
  /** Its nodes are numbered from here. */
  static final int FIRST_NODE = 101;

  private static final int NODES = 3;
  private static final int ATTEMPTS = 5;

  /** An entry under way; equal to no other, whatever is in it. */
  private static final class Proposal {
    final ConditionalBatch batch;

    Proposal(ConditionalBatch batch) {
      this.batch = batch;
    }
  }

  private final SimCluster cluster;
  private final SimClock clock;
  private final SimLiveness liveness;
  private final Operator operator;
  private final List<MetadataImage> history = new ArrayList<>();
  private final ArrayDeque<Proposal> proposals = new ArrayDeque<>();
  private MetadataImage image = MetadataImage.EMPTY;
  private int leader = FIRST_NODE;
  private int term;
  private boolean serving;
  private long lastCommitMicros;

  SimQuorum(SimCluster cluster) {
    this.cluster = cluster;
    this.clock = cluster.clock();
    this.liveness = new SimLiveness(cluster, this);
    this.operator = new Operator(cluster);
    clock.everyMs(50, () -> ifServing(liveness::tick));
  }

  /** What is committed. */
  MetadataImage image() {
    return image;
  }

  int term() {
    return term;
  }

  int leader() {
    return leader;
  }

  /** Whether a broker gets metadata: from any member of the quorum. */
  boolean reaches(int brokerId) {
    for (int node = FIRST_NODE; node < FIRST_NODE + NODES; node++) {
      if (cluster.network().transitMicros(node, brokerId) != SimNetwork.CUT) {
        return true;
      }
    }
    return false;
  }

  /** One of the images after that one; they are delivered in batches. */
  MetadataImage someImageAfter(MetadataImage seen) {
    int first = 0;
    while (history.get(first).index() <= seen.index()) {
      first++;
    }
    boolean all = clock.chance(0.7);
    return history.get(all ? history.size() - 1 : (int) clock.between(first, history.size() - 1L));
  }

  /** Another node takes over; what is under way is committed from the front, or lost. */
  void failover() {
    term++;
    serving = false;
    long committed = clock.between(0, proposals.size());
    for (long i = 0; i < committed; i++) {
      commit(proposals.removeFirst().batch);
    }
    proposals.clear();
    int claimTerm = term;
    clock.afterMs(clock.between(20, 700), () -> claim(claimTerm));
  }

  private void claim(int claimTerm) {
    if (claimTerm != term) {
      return;
    }
    leader = FIRST_NODE + clock.below(NODES);
    decide(
        new ControllerRequest.ClaimController(leader),
        ignored -> {
          serving = true;
          liveness.restart();
          sweep();
        });
  }

  /** As {@link #call(int, ControllerRequest, long, long, Consumer)}, not held back. */
  void call(
      int from,
      ControllerRequest request,
      long timeoutMs,
      Consumer<@Nullable ControllerAnswer> answered) {
    call(from, request, timeoutMs, 0, answered);
  }

  /**
   * Asks the quorum.
   *
   * @param heldMs how much later than usual the request gets there, from a sender that may be gone
   * @param answered called with null when the time is over; an answer may follow nevertheless, even
   *     twice
   */
  void call(
      int from,
      ControllerRequest request,
      long timeoutMs,
      long heldMs,
      Consumer<@Nullable ControllerAnswer> answered) {
    boolean[] done = new boolean[1];
    clock.afterMs(
        timeoutMs,
        () -> {
          if (!done[0]) {
            done[0] = true;
            answered.accept(null);
          }
        });
    int asked = leader;
    int askedTerm = term;
    Runnable arrives =
        () -> {
          if (serving && askedTerm == term) {
            decide(request, answer -> reply(asked, from, done, answer, answered));
          }
        };
    cluster.network().send(from, asked, () -> clock.afterMs(heldMs, arrives));
  }

  private void reply(
      int from,
      int to,
      boolean[] done,
      ControllerAnswer answer,
      Consumer<@Nullable ControllerAnswer> answered) {
    cluster
        .network()
        .sendAnswer(
            from,
            to,
            () -> {
              if (done[0]) {
                cluster.counters().count(Counter.LATE_ANSWERS);
              }
              done[0] = true;
              answered.accept(answer);
            });
  }

  void heartbeat(
      int brokerId,
      long epoch,
      long stream,
      long echo,
      long index,
      long syncAgeMs,
      LongConsumer answered) {
    int asked = leader;
    int askedTerm = term;
    cluster
        .network()
        .send(
            brokerId,
            asked,
            () -> {
              if (serving && askedTerm == term) {
                long answer = liveness.heartbeat(brokerId, epoch, stream, echo, index, syncAgeMs);
                cluster.network().send(asked, brokerId, () -> answered.accept(answer));
              }
            });
  }

  /** A broker's process ended: its connection to the leader breaks. */
  void disconnected(int brokerId, long epoch, long stream) {
    cluster
        .network()
        .send(brokerId, leader, () -> ifServing(() -> liveness.broken(brokerId, epoch, stream)));
  }

  /** Decides on the newest image; decides again if another entry came between. */
  void decide(ControllerRequest request, Consumer<ControllerAnswer> answered) {
    decide(request, answered, ATTEMPTS);
  }

  private void decide(
      ControllerRequest request, Consumer<ControllerAnswer> answered, int attempts) {
    long seed = clock.between(Long.MIN_VALUE / 2, Long.MAX_VALUE / 2);
    switch (Controller.decide(image, request, seed)) {
      case Decision.Answer answer -> answered.accept(answer.answer());
      case Decision.Propose propose ->
          propose(
              propose.batch(),
              applied -> {
                ControllerAnswer answer = propose.conclusion().conclude(applied);
                boolean overtaken =
                    answer instanceof ControllerAnswer.Failed failed
                        && failed.refusal().code() == ErrorCode.INVALID_UPDATE_VERSION;
                if (overtaken && attempts > 1) {
                  decide(request, answered, attempts - 1);
                } else {
                  answered.accept(answer);
                }
              });
    }
  }

  /** Until no partition needs a leader or has a fenced one. */
  void sweep() {
    for (ConditionalBatch batch : Controller.sweep(image)) {
      propose(batch, ignored -> sweep());
    }
  }

  /** Others do what a broker with a slow disk holds up: rule 13. */
  void relieve(SlowDisks.Relief relief) {
    for (ConditionalBatch batch :
        Controller.relief(image, relief.brokerId(), relief.slow(), relief.leadershipsOnly())) {
      cluster.counters().count(Counter.SLOW_DISKS_RELIEVED);
      propose(batch, ignored -> {});
    }
  }

  private void propose(ConditionalBatch batch, Consumer<Applied> then) {
    Proposal proposal = new Proposal(batch);
    proposals.add(proposal);
    lastCommitMicros =
        Math.max(lastCommitMicros + 1, clock.nowMicros() + clock.between(500, 5_000));
    clock.afterMicros(
        lastCommitMicros - clock.nowMicros(),
        () -> {
          if (proposals.peekFirst() == proposal) {
            proposals.removeFirst();
            then.accept(commit(batch));
          }
        });
  }

  private Applied commit(ConditionalBatch batch) {
    long index = image.index() + clock.between(1, 3);
    Applied applied = MetadataMachine.apply(image, index, batch);
    if (Trace.ON) {
      Trace.say(cluster, "metadata " + index + " " + batch + " → " + applied.results());
    }
    operator.reported(BrokenPromises.in(applied.delta()), applied.delta());
    countElections(applied.delta());
    cluster.committed(image, applied.image());
    image = applied.image();
    history.add(image);
    liveness.update();
    return applied;
  }

  private void countElections(MetadataDelta delta) {
    for (TopicIdPartition partition : delta.changedPartitions()) {
      PartitionRegistration before = delta.before().partition(partition);
      PartitionRegistration after = delta.after().partition(partition);
      if (before != null
          && after != null
          && !before.lastKnownElr().containsAll(after.lastKnownElr())) {
        cluster.counters().count(Counter.RIGHTS_LOST_WITH_DISK);
      }
      if (before == null
          || after == null
          || !after.hasLeader()
          || after.leaderEpoch() == before.leaderEpoch()) {
        continue;
      }
      if (before.isr().contains(after.leader())) {
        cluster.counters().count(Counter.ELECTIONS_FROM_ISR);
      } else if (before.elr().contains(after.leader())) {
        cluster.counters().count(Counter.ELECTIONS_FROM_ELR);
      } else if (!operator.isReported(partition, after.leader())) {
        throw new InvariantViolation(
            "I6",
            partition
                + ": expected a leader from ISR "
                + before.isr()
                + " or ELR "
                + before.elr()
                + ", but elected is "
                + after.leader());
      }
    }
  }

  private void ifServing(Runnable action) {
    if (serving) {
      action.run();
    }
  }
}
