// SPDX-License-Identifier: Apache-2.0
package io.jangada.chaos.sim;

import java.util.List;

/**
 * What happens in a run. With the seed, which decides everything else, it determines the run.
 *
 * @param seed of the scheduler; not shrunk
 * @param setup the cluster and its clients
 * @param steps the faults, in order
 */
public record Plan(long seed, Setup setup, List<Step> steps) {
  /** Copies the steps. */
  public Plan {
    steps = List.copyOf(steps);
  }

  /**
   * The cluster and its clients.
   *
   * @param brokers from 3
   * @param partitions of the one topic
   * @param minInsyncReplicas of the one topic
   * @param idempotentProducers each on its own
   * @param plainProducers each on its own; their acks vary
   * @param memoryDurable whether records count as safe once they are in the page cache (rule 8)
   */
  public record Setup(
      int brokers,
      int partitions,
      int minInsyncReplicas,
      int idempotentProducers,
      int plainProducers,
      boolean memoryDurable) {
    /** Of a topic whose records count as safe once they are on the disk. */
    public Setup(
        int brokers,
        int partitions,
        int minInsyncReplicas,
        int idempotentProducers,
        int plainProducers) {
      this(brokers, partitions, minInsyncReplicas, idempotentProducers, plainProducers, false);
    }
  }

  /**
   * A fault, after a pause.
   *
   * @param afterMs since the step before
   */
  public record Step(int afterMs, Fault fault) {}

  /** What goes wrong. Brokers are numbered from 1; out of range wraps around. */
  public sealed interface Fault {
    /** kill -9, and perhaps a restart. */
    record Kill(int broker, int restartAfterMs) implements Fault {}

    /** kill -9 of whoever leads a partition, and a restart. */
    record KillLeader(int partition, int restartAfterMs) implements Fault {}

    /** A machine stops, and starts again. */
    record PowerLoss(int broker, int restartAfterMs) implements Fault {}

    /** All machines stop at once, and start again. */
    record PowerLossOfAll(int restartAfterMs) implements Fault {}

    /** One after the other loses its process, until none is left; then all come back. */
    record KillOneByOne(int pauseMs, int restartAfterMs) implements Fault {}

    /** A broker's disk is replaced by an empty one. */
    record WipeDisk(int broker, int restartAfterMs) implements Fault {}

    /**
     * A broker that follows, but is out of service, loses its machine and its disk, and is back at
     * once with an empty one: rule 6.
     */
    record SwapDisk(int broker, int outOfServiceMs, int restartAfterMs) implements Fault {}

    /**
     * A leader with a slow disk is killed with a tail that only its followers have synced, and is
     * back at once; one of them does not reach it for a while: rule 24.
     */
    record TearLeader(int partition, int follower, int awayMs) implements Fault {}

    /**
     * All followers stop, start, come into service and do so again; the leader hears of it late.
     */
    record PowerCycleFollowersTwice(int partition, int pauseMs) implements Fault {}

    /** A follower truncates while an fsync of what it truncates is under way. */
    record TruncateWhileSyncing(int partition, int syncMs) implements Fault {}

    /**
     * Something lies in wait for a moment of the protocol.
     *
     * @param millis until a restart, of holding back or of being slow
     */
    record Ambush(Moment moment, Blow blow, int millis) implements Fault {}

    /** A broker reaches nobody, nor is reached. */
    record Isolate(int broker) implements Fault {}

    /** Messages get through in one direction only. */
    record CutOneWay(int from, int to) implements Fault {}

    /** A broker reaches the other brokers, but not the quorum. */
    record CutFromQuorum(int broker) implements Fault {}

    /** Two brokers lose each other. */
    record CutBetween(int one, int other) implements Fault {}

    /** A broker hears of the metadata late. */
    record SlowMetadata(int broker, int delayMs) implements Fault {}

    /** Answers of the quorum are lost; what was asked is done or not. */
    record LoseAnswers(int percent) implements Fault {}

    /** Packets are lost and control messages come twice. */
    record Lossy(int lossPercent, int duplicatedPercent) implements Fault {}

    /** One link becomes slow. */
    record Clog(int from, int to, int delayMs) implements Fault {}

    /** The network is whole again, disks are fast again. */
    record Heal() implements Fault {}

    /** Each fsync of a broker takes longer. */
    record SlowDisk(int broker, int millis) implements Fault {}

    /** An fsync of a broker fails, once: rule 22. */
    record FailSync(int broker) implements Fault {}

    /**
     * Something that was durable rots on a broker's disk: rule 21.
     *
     * @param percent how far from the end of each log
     */
    record Rot(int broker, int percent) implements Fault {}

    /**
     * More copies are destroyed than has to be tolerated: the disks of all brokers but one, which
     * may have everything or not.
     */
    record DestroyAllBut(int broker, int restartAfterMs) implements Fault {}

    /** A broker's disk is full for a while: rule 20. */
    record FullDisk(int broker, int forMs) implements Fault {}

    /** Another node leads the quorum. */
    record ControllerFailover() implements Fault {}

    /**
     * A leader is asked to delete that much of its committed records, the oldest first, or more
     * than there is: rule 16.
     */
    record DeleteRecords(int partition, int percent) implements Fault {}

    /** The topic is deleted and created again. */
    record RecreateTopic() implements Fault {}
  }

  /** What happens in an ambush, to who does something (the actor) or to whom it concerns. */
  public enum Blow {
    /** The actor's process is killed. */
    KILL,
    /** The actor's machine stops. */
    LOSE_POWER,
    /**
     * The other has an empty disk and is back at once, but does not reach the actor, whose requests
     * are slow.
     */
    SWAP_OTHERS_DISK,
    /** The two lose each other, and the actor's request is held back. */
    HOLD_REQUEST,
    /** The actor hears no answer, and of the metadata late; the other's disk is slow. */
    DEAFEN,
    /** The actor loses the quorum. */
    CUT_FROM_QUORUM,
    /** Another node leads the quorum. */
    CONTROLLER_FAILOVER
  }
}
