// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import io.jangada.chaos.sim.Plan.Blow;
import io.jangada.chaos.sim.Plan.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Plans that have found a bug once, as they were shrunk. */
class RegressionTest {
  /**
   * A follower that had led alone was told to cut its log at the leader's end of an epoch that it
   * never had: in the middle of one of its batches.
   */
  @Test
  void truncationNeverCutsABatch() {
    SimRun.of(
        new Plan(
            3049,
            new Plan.Setup(3, 2, 2, 1, 1),
            List.of(
                new Plan.Step(1, new Fault.LoseAnswers(10)),
                new Plan.Step(3, new Fault.KillLeader(0, 28)),
                new Plan.Step(360, new Fault.WipeDisk(3, 13)),
                new Plan.Step(12, new Fault.CutBetween(4, 1)),
                new Plan.Step(67, new Fault.SwapDisk(1, 2179, 18)),
                new Plan.Step(672, new Fault.PowerLoss(3, 1)),
                new Plan.Step(109, new Fault.SlowDisk(3, 233)),
                new Plan.Step(32, new Fault.Lossy(8, 8)),
                new Plan.Step(30, new Fault.LoseAnswers(65)),
                new Plan.Step(24, new Fault.Lossy(5, 11)),
                new Plan.Step(90, new Fault.WipeDisk(4, 31)),
                new Plan.Step(786, new Fault.Kill(2, 1851)),
                new Plan.Step(318, new Fault.ControllerFailover()),
                new Plan.Step(67, new Fault.CutBetween(2, 2)),
                new Plan.Step(569, new Fault.Kill(3, 3201)),
                new Plan.Step(459, new Fault.Kill(1, 6)),
                new Plan.Step(530, new Fault.ControllerFailover()))));
  }

  /** A registration of a dead process came after its successor's, and fenced it for ever. */
  @Test
  void aLateRegistrationOfADeadProcessDoesNotFenceItsSuccessorForEver() {
    SimRun.of(
        new Plan(
            304,
            new Plan.Setup(3, 1, 2, 1, 0),
            List.of(
                new Plan.Step(11, new Fault.Kill(1, 179)),
                new Plan.Step(5, new Fault.Kill(1, 113)),
                new Plan.Step(185, new Fault.SlowDisk(1, 27)),
                new Plan.Step(40, new Fault.KillLeader(0, 125)),
                new Plan.Step(258, new Fault.KillOneByOne(1247, 36)),
                new Plan.Step(638, new Fault.Isolate(3)),
                new Plan.Step(812, new Fault.PowerLoss(2, 207)),
                new Plan.Step(218, new Fault.Heal()),
                new Plan.Step(99, new Fault.Isolate(1)),
                new Plan.Step(32, new Fault.Heal()),
                new Plan.Step(3, new Fault.Lossy(22, 1)),
                new Plan.Step(780, new Fault.RecreateTopic()),
                new Plan.Step(300, new Fault.WipeDisk(4, 3)))));
  }

  /**
   * A growth with an unknown outcome was proposed again with the newest broker epoch: for a process
   * with an empty disk, on the strength of what the one before it had acknowledged.
   */
  @Test
  void aGrowthProposedAgainIsForTheProcessThatHasAcknowledged() {
    SimRun.of(
        new Plan(
            1934,
            new Plan.Setup(4, 1, 2, 1, 0),
            List.of(
                new Plan.Step(0, new Fault.Kill(1, 1)),
                new Plan.Step(0, new Fault.Isolate(2)),
                new Plan.Step(19, new Fault.PowerCycleFollowersTwice(1, 708)),
                new Plan.Step(35, ambush(Moment.GROWTH_PROPOSED, Blow.SWAP_OTHERS_DISK, 15)),
                new Plan.Step(95, new Fault.TruncateWhileSyncing(1, 389)),
                new Plan.Step(795, ambush(Moment.TRUNCATED, Blow.CONTROLLER_FAILOVER, 766)),
                new Plan.Step(5, new Fault.PowerLoss(3, 878)),
                new Plan.Step(0, new Fault.Heal()),
                new Plan.Step(19, new Fault.TruncateWhileSyncing(0, 214)),
                new Plan.Step(346, new Fault.SlowDisk(1, 2711)),
                new Plan.Step(721, new Fault.TruncateWhileSyncing(1, 202)))));
  }

  /**
   * A follower that had nothing in common with what its leader had left of the log cut its own to
   * nothing, and its high watermark with it.
   */
  @Test
  void aFollowerBelowAllEpochsOfItsLeaderBeginsWhereThatOnesLogBegins() {
    SimRun.of(
        new Plan(
            99,
            new Plan.Setup(3, 1, 2, 2, 0),
            List.of(
                new Plan.Step(34, new Fault.RecreateTopic()),
                new Plan.Step(43, new Fault.WipeDisk(4, 120)),
                new Plan.Step(629, new Fault.CutBetween(2, 3)),
                new Plan.Step(7, new Fault.TruncateWhileSyncing(1, 255)),
                new Plan.Step(5, new Fault.Heal()),
                new Plan.Step(1043, new Fault.DeleteRecords(0, 96)),
                new Plan.Step(47, new Fault.TearLeader(0, 3, 845)))));
  }

  private static Fault ambush(Moment moment, Blow blow, int millis) {
    return new Fault.Ambush(moment, blow, millis);
  }
}
