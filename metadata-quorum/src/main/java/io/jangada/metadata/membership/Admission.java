// SPDX-License-Identifier: Apache-2.0
package io.jangada.metadata.membership;

import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a member does before its log starts. One that has voted before just starts. One whose
 * storage is empty asks every other member, twice: first whether it may (and what their disks are),
 * then to record that it votes from now on. If it loses its disk later, they refuse it.
 */
public final class Admission {
  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
  private static final Duration RETRY = Duration.ofMillis(50);
  private static final Duration COMPLAIN = Duration.ofSeconds(5);

  private final int nodeId;
  private final UUID directoryId;
  private final List<QuorumMember> others;
  private final MembershipRecord record;
  private final MemberDirectory directory;
  private final CountDownLatch cancelled = new CountDownLatch(1);

  /** For one start of one node. */
  public Admission(
      int nodeId,
      UUID directoryId,
      List<QuorumMember> members,
      MembershipRecord record,
      MemberDirectory directory) {
    this.nodeId = nodeId;
    this.directoryId = directoryId;
    this.others = members.stream().filter(member -> member.nodeId() != nodeId).toList();
    this.record = record;
    this.directory = directory;
  }

  /**
   * Returns once this node may start its log. Waits for the other members as long as it takes.
   *
   * @param hasLog whether the log has run in this node's storage
   * @throws JangadaException DUPLICATE_BROKER_ID if it must not vote, SHUTTING_DOWN if cancelled
   */
  public void await(boolean hasLog) {
    if (record.state() == MembershipRecord.State.STARTED) {
      if (!hasLog) {
        throw new JangadaException(
            ErrorCode.DUPLICATE_BROKER_ID,
            "expected the metadata log that this node has voted in, but its storage is empty",
            MembershipRecord.remedy(nodeId));
      }
      requireSameDisk();
      return;
    }
    if (record.state() == MembershipRecord.State.NEW) {
      Map<Integer, UUID> directories = askAll(false);
      directories.put(nodeId, directoryId);
      record.learn(directories);
      record.state(MembershipRecord.State.JOINING);
    }
    requireSameDisk();
    record.learn(askAll(true));
  }

  private void requireSameDisk() {
    record
        .disk(nodeId)
        .filter(disk -> !disk.directoryId().equals(directoryId))
        .ifPresent(
            disk -> {
              throw new JangadaException(
                  ErrorCode.DUPLICATE_BROKER_ID,
                  "expected the metadata directory "
                      + disk.directoryId()
                      + ", but this one is "
                      + directoryId,
                  MembershipRecord.remedy(nodeId));
            });
  }

  private Map<Integer, UUID> askAll(boolean announces) {
    Map<Integer, UUID> answers = new TreeMap<>();
    List<QuorumMember> waiting = new ArrayList<>(others);
    long complainAt = System.nanoTime() + COMPLAIN.toNanos();
    while (true) {
      waiting.removeIf(member -> answered(member, announces, answers));
      if (waiting.isEmpty()) {
        return answers;
      }
      if (System.nanoTime() - complainAt >= 0) {
        LOG.warn(
            "node {} has an empty metadata log and waits for the quorum members {} before it votes",
            nodeId,
            waiting);
        complainAt = System.nanoTime() + COMPLAIN.toNanos();
      }
      pause();
    }
  }

  private boolean answered(QuorumMember member, boolean announces, Map<Integer, UUID> answers) {
    try {
      answers.put(member.nodeId(), directory.ask(member, announces));
      return true;
    } catch (JangadaException e) {
      if (e.code() == ErrorCode.DUPLICATE_BROKER_ID
          || e.code() == ErrorCode.INCONSISTENT_CLUSTER_ID) {
        throw e;
      }
      LOG.debug("quorum member {} does not answer yet", member.nodeId(), e);
      return false;
    }
  }

  private void pause() {
    try {
      if (cancelled.await(RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new JangadaException(ErrorCode.SHUTTING_DOWN, "expected to join, but stopping");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JangadaException(ErrorCode.SHUTTING_DOWN, "expected to join, but interrupted");
    }
  }

  /** Ends {@link #await}. */
  public void cancel() {
    cancelled.countDown();
  }
}
