// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.runtime;

import io.jangada.common.TopicIdPartition;
import io.jangada.replication.core.RecoveredLog;
import io.jangada.replication.directory.DirectoryLog;
import io.jangada.replication.directory.FoundLog;
import io.jangada.replication.directory.LogDirectory;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What recovery has found, one log of each partition. There are two of one when a log directory
 * comes back after its replicas were fetched anew into another: the one that got further stays, as
 * in an election, and the other is set aside.
 */
final class FoundReplicas {
  private static final Logger logger = LoggerFactory.getLogger(FoundReplicas.class);

  private static final String IN_TWO = "it was in two log directories";

  private FoundReplicas() {}

  /**
   * A log and where it is.
   *
   * @param single false if there was another one of the partition
   */
  record Placed(LogDirectory directory, FoundLog log, boolean single) {
    RecoveredReplica verdict() {
      return switch (log) {
        case FoundLog.Damaged damaged -> damaged(damaged.reason());
        case FoundLog.Usable usable when usable.rebuilding() ->
            damaged("it was being fetched anew");
        case FoundLog.Usable usable when !usable.doubt().isEmpty() ->
            usable(RecoveredReplica.Verdict.SUSPECT, usable.doubt(), usable);
        case FoundLog.Usable usable when !single ->
            usable(RecoveredReplica.Verdict.SUSPECT, IN_TWO, usable);
        case FoundLog.Usable usable -> usable(RecoveredReplica.Verdict.WHOLE, "", usable);
      };
    }

    private RecoveredReplica damaged(String reason) {
      return new RecoveredReplica(
          RecoveredReplica.Verdict.DAMAGED, reason, directory.config().id(), true, -1, 0);
    }

    private RecoveredReplica usable(
        RecoveredReplica.Verdict verdict, String reason, FoundLog.Usable usable) {
      return new RecoveredReplica(
          verdict,
          reason,
          directory.config().id(),
          usable.synced(),
          usable.state().epochs().lastEpoch(),
          usable.state().logEndOffset());
    }

    /** A usable one before a damaged one, then the newer epoch, then the longer log. */
    boolean isBetterThan(Placed other) {
      if (!(log instanceof FoundLog.Usable usable) || usable.rebuilding()) {
        return false;
      }
      if (!(other.log instanceof FoundLog.Usable otherUsable) || otherUsable.rebuilding()) {
        return true;
      }
      RecoveredLog mine = usable.state();
      RecoveredLog its = otherUsable.state();
      int byEpoch = Integer.compare(mine.epochs().lastEpoch(), its.epochs().lastEpoch());
      return byEpoch > 0 || (byEpoch == 0 && mine.logEndOffset() > its.logEndOffset());
    }
  }

  /** Looks through the directories, before any log in them is changed. Blocks. */
  static Collection<Placed> in(List<LogDirectory> directories) throws IOException {
    Map<TopicIdPartition, Placed> best = new HashMap<>();
    for (LogDirectory directory : directories) {
      for (FoundLog log : directory.found()) {
        Placed placed = new Placed(directory, log, true);
        Placed other = best.get(log.partition());
        if (other != null) {
          boolean better = placed.isBetterThan(other);
          setAside(better ? other : placed, better ? placed : other);
          Placed stays = better ? placed : other;
          stays.directory().doubt(log.partition(), IN_TWO);
          placed = new Placed(stays.directory(), stays.log(), false);
        }
        best.put(log.partition(), placed);
      }
    }
    return best.values();
  }

  private static void setAside(Placed goes, Placed stays) throws IOException {
    FoundLog log = goes.log();
    DirectoryLog open = log instanceof FoundLog.Usable usable ? usable.log() : null;
    String name = log.topic() + "-" + log.partition().partition();
    logger.error(
        "{} is in two log directories: going on with the log in {}, setting that in {} aside",
        name,
        stays.directory().config().path(),
        goes.directory().config().path());
    goes.directory()
        .setAside(log.partition(), log.topic(), open, () -> logger.info("{}: set aside", name));
  }
}
