// SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.consume;

import io.jangada.client.CommittedOffset;
import io.jangada.client.Consumer;
import io.jangada.client.ConsumerRecord;
import io.jangada.client.RebalanceListener;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Prints as a member of a group: what is out is committed, every second, before a partition is
 * given up, and at the end. Ctrl-C ends it in order.
 */
final class GroupPrinting implements Bookkeeping, RebalanceListener {
  private static final long COMMIT_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

  /** How often it is asked how far the others are. */
  private static final long LOOK_INTERVAL_NANOS = Duration.ofMillis(200).toNanos();

  private static final long INTERRUPTION_PATIENCE_S = 10;
  private static final int NAMED_PARTITIONS = 8;

  private final String group;
  private final Consumer consumer;
  private final PrintStream err;
  private final Map<TopicPartition, CommittedOffset> printed = new HashMap<>();
  private final Map<TopicPartition, CommittedOffset> out = new HashMap<>();
  private final Map<TopicPartition, Long> committed = new TreeMap<>();
  private final Map<TopicPartition, Long> others;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupt, "jangada-interruption");
  private volatile boolean stopped;
  private long committedAtNanos = System.nanoTime();
  private long lookedAtNanos;
  private boolean joined;

  /**
   * A member that has not subscribed yet.
   *
   * @param begins where the partitions begin: nobody has to read what is before
   */
  GroupPrinting(
      String group, Consumer consumer, Map<TopicPartition, Long> begins, PrintStream err) {
    this.group = group;
    this.consumer = consumer;
    this.others = new HashMap<>(begins);
    this.err = err;
  }

  /** Ends in order when the process is told to end, until {@link #end}. */
  void listen() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void interrupt() {
    stopped = true;
    consumer.wakeup();
    try {
      if (!ended.await(INTERRUPTION_PATIENCE_S, TimeUnit.SECONDS)) {
        err.println("error: interrupted; what was printed last may not be committed");
        err.println("try: jangada group describe " + group);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void printed(ConsumerRecord record) {
    printed.put(record.topicPartition(), CommittedOffset.after(record));
  }

  @Override
  public void out() {
    out.putAll(printed);
    printed.clear();
    long now = System.nanoTime();
    if (now - committedAtNanos >= COMMIT_INTERVAL_NANOS) {
      commit();
    }
  }

  /** Waits: nothing is gained by printing ahead of commits. */
  private void commit() {
    committedAtNanos = System.nanoTime();
    Set<TopicPartition> assigned = consumer.assignment();
    out.keySet().retainAll(assigned);
    if (out.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(out);
      out.forEach((partition, offset) -> committed.put(partition, offset.offset()));
    } catch (JangadaException e) {
      switch (e.code()) {
        case UNKNOWN_MEMBER, FENCED_MEMBER_EPOCH -> {
          // The next poll says what is lost, and joins again.
        }
        default -> throw e;
      }
    }
    out.clear();
  }

  @Override
  public void onAssigned(Set<TopicPartition> partitions) {
    joined = true;
  }

  @Override
  public void onRevoked(Set<TopicPartition> partitions) {
    commit();
  }

  @Override
  public void onLost(Set<TopicPartition> partitions) {
    err.println(
        "warning: the group has given "
            + named(partitions)
            + " to others, who may print again what was not committed");
    out.keySet().removeAll(partitions);
  }

  @Override
  public boolean stopped() {
    return stopped;
  }

  /** Its own positions, and what others have committed. */
  @Override
  public long position(TopicPartition partition) {
    if (consumer.assignment().contains(partition)) {
      return consumer.position(partition);
    }
    long now = System.nanoTime();
    if (joined && (lookedAtNanos == 0 || now - lookedAtNanos >= LOOK_INTERVAL_NANOS)) {
      lookedAtNanos = now;
      consumer
          .committed(others.keySet())
          .forEach((which, offset) -> others.put(which, offset.offset()));
    }
    return others.getOrDefault(partition, -1L);
  }

  /**
   * Commits what is out, leaves, and says so.
   *
   * @param broken what ended the printing before its time; null: nothing
   * @throws JangadaException if the commit fails, and nothing else has failed before
   */
  void end(@Nullable Exception broken) {
    JangadaException failure = null;
    try {
      commit();
    } catch (JangadaException e) {
      failure = e;
      out.clear(); // it will not be better when the partitions are given up
    }
    consumer.close();
    err.println(summary());
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process ends already.
      return;
    }
    if (failure != null && broken == null) {
      throw failure;
    }
  }

  private String summary() {
    return committed.isEmpty()
        ? "left group " + group + "; nothing was committed"
        : "left group " + group + "; committed " + offsets();
  }

  private String offsets() {
    List<String> named =
        committed.entrySet().stream()
            .limit(NAMED_PARTITIONS)
            .map(each -> each.getKey() + " up to offset " + each.getValue())
            .toList();
    int more = committed.size() - named.size();
    return String.join(", ", named) + (more > 0 ? " and " + more + " more partitions" : "");
  }

  private static String named(Set<TopicPartition> partitions) {
    return partitions.stream()
        .sorted()
        .limit(NAMED_PARTITIONS)
        .map(TopicPartition::toString)
        .collect(Collectors.joining(", "));
  }
}
