// SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Members of a thousand groups (KIP-848) without what consumers do besides: heartbeats when they
 * are due, and commits at a rate. A few threads have the members of some groups each, with
 * connections of their own.
 */
final class GroupMembers implements AutoCloseable {
  private static final short HEARTBEAT_VERSION = 1;
  private static final short COMMIT_VERSION = 9;
  private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(5);
  private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int THREADS = 24;
  private static final int REBALANCE_TIMEOUT_MS = 60_000;

  private final List<String> bootstrap;
  private final String topic;
  private final List<Member> members = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final ConcurrentLinkedQueue<Long> commitNanos = new ConcurrentLinkedQueue<>();
  private final AtomicLong commits = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong longestGapNs = new AtomicLong();
  private final AtomicLong heartbeats = new AtomicLong();
  private volatile double commitsPerSecond;
  private volatile boolean closed;

  private static final class Member {
    private final String group;
    private final int partition;
    private final String id = UUID.randomUUID().toString();
    private volatile int epoch;
    private volatile boolean joined;
    private long dueNs;

    /** When it first tried in vain; 0: the last heartbeat was answered. */
    private long troubledSinceNs;

    Member(String group, int partition) {
      this.group = group;
      this.partition = partition;
    }
  }

  GroupMembers(List<String> bootstrap, String topic, int groups, int membersEach) {
    this.bootstrap = bootstrap;
    this.topic = topic;
    for (int group = 0; group < groups; group++) {
      for (int member = 0; member < membersEach; member++) {
        members.add(new Member("group-" + group, member));
      }
    }
  }

  /** Lets them all join. */
  void start() {
    for (int i = 0; i < THREADS; i++) {
      int mine = i;
      List<Member> own = new ArrayList<>();
      for (Member member : members) {
        if (Math.floorMod(member.group.hashCode(), THREADS) == mine) {
          own.add(member);
        }
      }
      threads.add(Thread.ofPlatform().name("heartbeats-" + i).daemon().start(() -> live(own)));
      threads.add(Thread.ofPlatform().name("commits-" + i).daemon().start(() -> commit(own)));
    }
  }

  long joined() {
    return members.stream().filter(member -> member.joined).count();
  }

  void commitsPerSecond(double rate) {
    commitsPerSecond = rate;
  }

  long commits() {
    return commits.get();
  }

  long refused() {
    return refused.get();
  }

  long heartbeats() {
    return heartbeats.get();
  }

  /** How many were told that they are no members any more. */
  long lost() {
    return lost.get();
  }

  /** The longest time during which a member got no answer, from its first attempt on. */
  double longestGapMs() {
    return longestGapNs.get() / 1e6;
  }

  void forgetGaps() {
    longestGapNs.set(0);
  }

  /** How long commits took since the last call, in milliseconds, ascending. */
  List<Double> takeCommitMillis() {
    List<Double> taken = new ArrayList<>();
    for (Long nanos = commitNanos.poll(); nanos != null; nanos = commitNanos.poll()) {
      taken.add(nanos / 1e6);
    }
    taken.sort(null);
    return taken;
  }

  private void live(List<Member> own) {
    try (GroupConnection connection = new GroupConnection(bootstrap)) {
      while (!closed) {
        long next = System.nanoTime() + INTERVAL_NS;
        for (Member member : own) {
          if (!closed && System.nanoTime() - member.dueNs >= 0) {
            heartbeat(member, connection);
          }
          next = Math.min(next, member.dueNs);
        }
        LockSupport.parkNanos(Math.max(1, Math.min(RETRY_NS, next - System.nanoTime())));
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void heartbeat(Member member, GroupConnection connection) {
    long begunNs = System.nanoTime();
    Errors error;
    try {
      ConsumerGroupHeartbeatResponseData answer =
          new ConsumerGroupHeartbeatResponseData(
              connection.ask(
                  member.group,
                  ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                  HEARTBEAT_VERSION,
                  request(member)),
              HEARTBEAT_VERSION);
      error = Errors.forCode(answer.errorCode());
      if (error == Errors.NONE) {
        member.epoch = answer.memberEpoch();
        member.joined = true;
      }
    } catch (IOException e) {
      error = Errors.NETWORK_EXCEPTION;
    }
    switch (error) {
      case NONE -> {
        heartbeats.incrementAndGet();
        if (member.troubledSinceNs != 0) {
          long gapNs = System.nanoTime() - member.troubledSinceNs;
          longestGapNs.accumulateAndGet(gapNs, Math::max);
          member.troubledSinceNs = 0;
        }
        member.dueNs = begunNs + INTERVAL_NS;
      }
      case UNKNOWN_MEMBER_ID, FENCED_MEMBER_EPOCH -> {
        lost.incrementAndGet();
        member.epoch = 0;
        member.dueNs = begunNs;
      }
      default -> {
        connection.forget(member.group);
        member.troubledSinceNs = member.troubledSinceNs == 0 ? begunNs : member.troubledSinceNs;
        member.dueNs = System.nanoTime() + RETRY_NS;
      }
    }
  }

  private ConsumerGroupHeartbeatRequestData request(Member member) {
    ConsumerGroupHeartbeatRequestData request =
        new ConsumerGroupHeartbeatRequestData()
            .setGroupId(member.group)
            .setMemberId(member.id)
            .setMemberEpoch(member.epoch);
    return member.epoch != 0
        ? request
        : request
            .setRebalanceTimeoutMs(REBALANCE_TIMEOUT_MS)
            .setSubscribedTopicNames(List.of(topic))
            .setTopicPartitions(List.of());
  }

  private void commit(List<Member> own) {
    try (GroupConnection connection = new GroupConnection(bootstrap)) {
      long offset = 0;
      long dueNs = System.nanoTime();
      int at = 0;
      while (!closed) {
        double rate = commitsPerSecond / THREADS;
        if (rate == 0 || own.isEmpty()) {
          LockSupport.parkNanos(RETRY_NS);
          dueNs = System.nanoTime();
          continue;
        }
        long aheadNs = dueNs - System.nanoTime();
        if (aheadNs > 0) {
          LockSupport.parkNanos(aheadNs);
          continue;
        }
        dueNs += (long) (1e9 / rate);
        commit(own.get(at++ % own.size()), offset++, connection);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void commit(Member member, long offset, GroupConnection connection) {
    long begunNs = System.nanoTime();
    try {
      OffsetCommitResponseData answer =
          new OffsetCommitResponseData(
              connection.ask(
                  member.group,
                  ApiKeys.OFFSET_COMMIT,
                  COMMIT_VERSION,
                  new OffsetCommitRequestData()
                      .setGroupId(member.group)
                      .setMemberId(member.id)
                      .setGenerationIdOrMemberEpoch(member.epoch)
                      .setTopics(
                          List.of(
                              new OffsetCommitRequestTopic()
                                  .setName(topic)
                                  .setPartitions(
                                      List.of(
                                          new OffsetCommitRequestPartition()
                                              .setPartitionIndex(member.partition)
                                              .setCommittedOffset(offset)))))),
              COMMIT_VERSION);
      Errors error = Errors.forCode(answer.topics().getFirst().partitions().getFirst().errorCode());
      if (error == Errors.NONE) {
        commits.incrementAndGet();
        commitNanos.add(System.nanoTime() - begunNs);
        return;
      }
      if (error != Errors.STALE_MEMBER_EPOCH) {
        connection.forget(member.group);
      }
    } catch (IOException e) {
      connection.forget(member.group);
    }
    refused.incrementAndGet();
  }

  @Override
  public void close() {
    closed = true;
    try {
      for (Thread thread : threads) {
        thread.join(TimeUnit.SECONDS.toMillis(10));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
