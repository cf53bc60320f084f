// SPDX-License-Identifier: Apache-2.0
package io.jangada.client.internal.consumer;

import io.jangada.api.v1.GroupSubscription;
import io.jangada.api.v1.OffsetPosition;
import io.jangada.api.v1.OffsetQuery;
import io.jangada.api.v1.OffsetResult;
import io.jangada.client.CommittedOffset;
import io.jangada.client.Consumer;
import io.jangada.client.ConsumerConfig;
import io.jangada.client.ConsumerInterceptor;
import io.jangada.client.ConsumerRecord;
import io.jangada.client.GroupConfig;
import io.jangada.client.OffsetAndTimestamp;
import io.jangada.client.OffsetReset;
import io.jangada.client.RebalanceListener;
import io.jangada.client.internal.Shared;
import io.jangada.client.internal.net.Signal;
import io.jangada.common.ErrorCode;
import io.jangada.common.JangadaException;
import io.jangada.common.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The public face of a {@link Fetcher}: one caller at a time, who waits in {@link #poll}. */
public final class DefaultConsumer implements Consumer {
  private static final Logger LOG = LoggerFactory.getLogger(DefaultConsumer.class);
  private static final long TICK_NANOS = Duration.ofMillis(50).toNanos();
  private static final long SHORT_TICK_NANOS = Duration.ofMillis(5).toNanos();

  private final ConsumerConfig config;
  private final Shared shared;
  private final Runnable onClose;
  private final Signal signal = new Signal();
  private final Runnable onMetadata = signal::raise;
  private final OffsetLookup offsets;
  private final Fetcher fetcher;
  private final ReentrantLock caller = new ReentrantLock();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final AssignedPartitions assigned;
  private @Nullable GroupReading group;
  private volatile boolean closed;
  private int turn;

  /**
   * A consumer without partitions.
   *
   * @param onClose called once when it is closed
   */
  public DefaultConsumer(ConsumerConfig config, Shared shared, Runnable onClose) {
    this.config = config;
    this.shared = shared;
    this.onClose = onClose;
    this.offsets = new OffsetLookup(shared);
    this.fetcher = new Fetcher(config, shared, signal, offsets);
    this.assigned = new AssignedPartitions(config, shared, fetcher);
    shared.cache().onChange(onMetadata);
  }

  @Override
  public void assign(Collection<TopicPartition> partitions) {
    alone(
        () -> {
          if (group != null) {
            throw new JangadaException(
                ErrorCode.INVALID_REQUEST,
                "expected a consumer that is in no group, but it is in " + group.config().groupId(),
                "unsubscribe first");
          }
          assigned.retain(Set.copyOf(partitions));
          partitions.forEach(each -> assigned.add(each, null));
          return null;
        });
  }

  @Override
  public void subscribe(Collection<String> topics, GroupConfig config, RebalanceListener listener) {
    subscribe(GroupSubscription.newBuilder().addAllTopics(topics).build(), config, listener);
  }

  @Override
  public void subscribeMatching(String topicRegex, GroupConfig config, RebalanceListener listener) {
    subscribe(GroupSubscription.newBuilder().setTopicRegex(topicRegex).build(), config, listener);
  }

  private void subscribe(
      GroupSubscription subscription, GroupConfig wanted, RebalanceListener listener) {
    alone(
        () -> {
          GroupReading present = group;
          if (present != null && present.config().equals(wanted)) {
            present.subscribe(subscription, listener);
            return null;
          }
          if (present != null) {
            leaveGroup();
          } else if (!assigned.isEmpty()) {
            throw new JangadaException(
                ErrorCode.INVALID_REQUEST,
                "expected a consumer without partitions, but " + assigned.names() + " are assigned",
                "assign none first, or use another consumer");
          }
          group =
              new GroupReading(config, wanted, subscription, listener, shared, assigned, signal);
          return null;
        });
  }

  @Override
  public void unsubscribe() {
    alone(
        () -> {
          leaveGroup();
          return null;
        });
  }

  private void leaveGroup() {
    GroupReading present = group;
    if (present != null) {
      try {
        present.leave(); // its listener may still commit
      } finally {
        group = null;
      }
    }
  }

  @Override
  public void commitSync() {
    alone(
        () -> {
          inGroup().commitSync();
          return null;
        });
  }

  @Override
  public void commitSync(Map<TopicPartition, CommittedOffset> offsets) {
    alone(
        () -> {
          inGroup().commitSync(offsets);
          return null;
        });
  }

  @Override
  public CompletableFuture<Void> commitAsync() {
    return alone(() -> inGroup().commit());
  }

  @Override
  public CompletableFuture<Void> commitAsync(Map<TopicPartition, CommittedOffset> offsets) {
    return alone(() -> inGroup().commit(offsets));
  }

  @Override
  public Map<TopicPartition, CommittedOffset> committed(Collection<TopicPartition> partitions) {
    return alone(() -> inGroup().committed(partitions));
  }

  private GroupReading inGroup() {
    GroupReading present = group;
    if (present == null) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST,
          "expected a consumer that is in a group, but it is in none",
          "subscribe first");
    }
    return present;
  }

  @Override
  public Set<TopicPartition> assignment() {
    return alone(assigned::names);
  }

  @Override
  public void seek(TopicPartition partition, long offset) {
    if (offset < 0) {
      throw new JangadaException(
          ErrorCode.INVALID_REQUEST, "expected an offset of 0 or more, but got " + offset);
    }
    alone(
        () -> {
          PartitionFetch fetch = assigned.of(partition);
          fetcher.forget(fetch);
          fetch.seek(offset);
          return null;
        });
  }

  @Override
  public void seekToBeginning(Collection<TopicPartition> partitions) {
    restart(partitions, OffsetReset.BEGINNING);
  }

  @Override
  public void seekToEnd(Collection<TopicPartition> partitions) {
    restart(partitions, OffsetReset.END);
  }

  private void restart(Collection<TopicPartition> partitions, OffsetReset where) {
    alone(
        () -> {
          partitions.forEach(each -> fetcher.start(assigned.of(each), where));
          return null;
        });
  }

  @Override
  public void pause(Collection<TopicPartition> partitions) {
    alone(
        () -> {
          List<PartitionFetch> fetches = partitions.stream().map(assigned::of).toList();
          fetches.stream().filter(fetch -> !fetch.paused()).forEach(PartitionFetch::pause);
          return null;
        });
  }

  @Override
  public void resume(Collection<TopicPartition> partitions) {
    alone(
        () -> {
          List<PartitionFetch> fetches = partitions.stream().map(assigned::of).toList();
          fetches.forEach(PartitionFetch::resume);
          return null;
        });
  }

  @Override
  public Set<TopicPartition> paused() {
    return alone(
        () ->
            assigned.fetches().stream()
                .filter(PartitionFetch::paused)
                .map(PartitionFetch::partition)
                .collect(Collectors.toUnmodifiableSet()));
  }

  @Override
  public List<ConsumerRecord> poll(Duration timeout) {
    return alone(
        () -> {
          long begun = System.nanoTime();
          while (true) {
            if (group != null) {
              group.advance(System.nanoTime());
            }
            boolean reading = work();
            List<ConsumerRecord> records = intercepted(take());
            long left = timeout.toNanos() - (System.nanoTime() - begun);
            if (!records.isEmpty() || woken.getAndSet(false) || left <= 0) {
              return records;
            }
            await(left, reading);
          }
        });
  }

  @Override
  public long position(TopicPartition partition) {
    return alone(
        () -> {
          PartitionFetch fetch = assigned.of(partition);
          long begun = System.nanoTime();
          while (!fetch.positioned()) {
            boolean reading = work();
            throwTrouble(fetch);
            long left = shared.config().requestTimeout().toNanos() - (System.nanoTime() - begun);
            if (left <= 0) {
              throw new JangadaException(
                  ErrorCode.REQUEST_TIMED_OUT,
                  "expected to find out where "
                      + partition
                      + " starts within "
                      + shared.config().requestTimeout()
                      + ", but its leader does not answer",
                  "look at the partition: jangada topic describe " + partition.topic(),
                  true,
                  null);
            }
            if (!fetch.positioned()) {
              await(left, reading);
            }
          }
          return fetch.position();
        });
  }

  /** Takes in events and drives all partitions; false if one is not being read. */
  private boolean work() {
    fetcher.handleEvents();
    long now = System.nanoTime();
    boolean reading = true;
    for (PartitionFetch partition : assigned.fetches()) {
      reading &= fetcher.drive(partition, now);
    }
    return reading;
  }

  private void await(long leftNanos, boolean reading) {
    signal.await(Math.min(leftNanos, reading ? TICK_NANOS : SHORT_TICK_NANOS));
    if (Thread.currentThread().isInterrupted()) {
      throw new JangadaException(
          ErrorCode.REQUEST_TIMED_OUT,
          "expected time to wait for records, but the thread was interrupted");
    }
  }

  /** Records of the partitions in turn; trouble only where there are none before it. */
  private List<ConsumerRecord> take() {
    List<ConsumerRecord> records = new ArrayList<>();
    List<PartitionFetch> all = new ArrayList<>(assigned.fetches());
    for (int i = 0; i < all.size() && records.size() < config.maxPollRecords(); i++) {
      PartitionFetch partition = all.get((turn + i) % all.size());
      try {
        partition.take(records, config.maxPollRecords());
      } catch (JangadaException e) {
        partition.trouble(e);
      }
    }
    turn = all.isEmpty() ? 0 : (turn + 1) % all.size();
    if (records.isEmpty()) {
      all.forEach(DefaultConsumer::throwTrouble);
    }
    return records;
  }

  private List<ConsumerRecord> intercepted(List<ConsumerRecord> taken) {
    shared.meters().recordsRead.add(taken.size());
    List<ConsumerRecord> records = taken;
    for (ConsumerInterceptor interceptor : config.interceptors()) {
      if (!records.isEmpty()) {
        try {
          records = interceptor.onRecords(Collections.unmodifiableList(records));
        } catch (RuntimeException e) {
          LOG.warn("an interceptor threw; the records go on as they were", e);
        }
      }
    }
    return records;
  }

  private static void throwTrouble(PartitionFetch partition) {
    JangadaException trouble = partition.trouble();
    if (trouble != null) {
      partition.trouble(null);
      throw trouble;
    }
  }

  @Override
  public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> partitions) {
    return offsetsAt(partitions, OffsetPosition.OFFSET_POSITION_BEGINNING);
  }

  @Override
  public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
    return offsetsAt(partitions, OffsetPosition.OFFSET_POSITION_END);
  }

  private Map<TopicPartition, Long> offsetsAt(
      Collection<TopicPartition> partitions, OffsetPosition position) {
    Map<TopicPartition, OffsetQuery> queries = new HashMap<>();
    OffsetQuery query = OffsetQuery.newBuilder().setPosition(position).build();
    partitions.forEach(partition -> queries.put(partition, query));
    Map<TopicPartition, Long> found = new HashMap<>();
    offsets.ask(queries).forEach((partition, result) -> found.put(partition, result.getOffset()));
    return found;
  }

  @Override
  public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
      Map<TopicPartition, Long> timesMs) {
    Map<TopicPartition, OffsetQuery> queries = new HashMap<>();
    timesMs.forEach(
        (partition, time) ->
            queries.put(partition, OffsetQuery.newBuilder().setTimestampMs(time).build()));
    Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
    for (Map.Entry<TopicPartition, OffsetResult> each : offsets.ask(queries).entrySet()) {
      OffsetResult result = each.getValue();
      if (result.getOffset() >= 0) {
        found.put(
            each.getKey(),
            new OffsetAndTimestamp(
                result.getOffset(), result.getTimestampMs(), result.getLeaderEpoch()));
      }
    }
    return found;
  }

  @Override
  public int partitionCount(String topic) {
    return shared
        .topics()
        .await(topic, shared.config().requestTimeout().toNanos())
        .partitions()
        .size();
  }

  @Override
  public void wakeup() {
    woken.set(true);
    signal.raise();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    wakeup();
    caller.lock(); // a poll on another thread returns first
    try {
      leaveGroup();
    } finally {
      assigned.retain(Set.of());
      fetcher.close();
      shared.cache().forget(onMetadata);
      caller.unlock();
      onClose.run();
    }
  }

  private <T extends @Nullable Object> T alone(Supplier<T> call) {
    if (!caller.tryLock()) {
      throw new IllegalStateException("a consumer is for one thread at a time");
    }
    try {
      if (closed && caller.getHoldCount() == 1) { // a listener may still commit
        throw new JangadaException(
            ErrorCode.SHUTTING_DOWN, "expected an open consumer, but it has been closed");
      }
      return call.get();
    } finally {
      caller.unlock();
    }
  }
}
