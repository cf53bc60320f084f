// SPDX-License-Identifier: Apache-2.0
package io.jangada.broker.groups;

import io.jangada.broker.service.ClusterMetadata;
import io.jangada.broker.service.InternalTopics;
import io.jangada.groups.GroupCoordination;
import io.jangada.groups.TopicsChange;
import io.jangada.groups.TopicsChange.TopicState;
import io.jangada.metadata.command.BrokerRegistration;
import io.jangada.metadata.command.PartitionRegistration;
import io.jangada.metadata.image.MetadataImage;
import io.jangada.metadata.image.TopicImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the coordinator what the metadata says, on a thread that is there while there is something
 * to tell: the coordinator may take a second to start, and the metadata thread has no time. Changes
 * that come meanwhile are told together. As long as there is no offsets topic nothing is told.
 */
final class GroupsFollower implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GroupsFollower.class);
  private static final long THREAD_LINGERS_S = 10;
  private static final long CLOSE_PATIENCE_S = 5;
  private static final int FIRST_PARTITION = 0;

  private final int brokerId;
  private final ClusterMetadata metadata;
  private final GroupCoordination coordination;
  private final OffsetsTopic topic;
  private final ThreadPoolExecutor thread;
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final ClusterMetadata.Listening listening;

  /** What the coordinator knows; the thread's. */
  private MetadataImage told = MetadataImage.EMPTY;

  /** The offsets topic that it works on, the thread's; null as long as there is none. */
  private @Nullable UUID offsetsTopic;

  GroupsFollower(
      int brokerId, ClusterMetadata metadata, GroupCoordination coordination, OffsetsTopic topic) {
    this.brokerId = brokerId;
    this.metadata = metadata;
    this.coordination = coordination;
    this.topic = topic;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            THREAD_LINGERS_S,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("groups-metadata").daemon().factory(),
            new ThreadPoolExecutor.DiscardPolicy());
    thread.allowCoreThreadTimeOut(true);
    this.listening = metadata.listen(delta -> wake(delta.before(), delta.after()));
    wake(MetadataImage.EMPTY, metadata.image());
  }

  private void wake(MetadataImage before, MetadataImage after) {
    boolean concerned =
        after.topic(InternalTopics.OFFSETS) != null || before.topic(InternalTopics.OFFSETS) != null;
    if (after.topic(InternalTopics.OFFSETS) != null) {
      coordination.expect();
    }
    if (concerned && scheduled.compareAndSet(false, true)) {
      thread.execute(this::tell);
    }
  }

  private void tell() {
    scheduled.set(false);
    MetadataImage now = metadata.image();
    try {
      tell(now);
    } catch (RuntimeException e) {
      // Told again, with what comes next, when the metadata changes.
      log.error("The group coordinator does not follow the metadata at index {}", now.index(), e);
    }
  }

  private void tell(MetadataImage now) {
    TopicImage offsets = now.topic(InternalTopics.OFFSETS);
    if (offsetsTopic != null && (offsets == null || !offsets.id().equals(offsetsTopic))) {
      log.warn("{} is gone, and with it all consumer groups", InternalTopics.OFFSETS);
      coordination.end();
      offsetsTopic = null;
      told = MetadataImage.EMPTY;
    }
    if (offsets == null) {
      return;
    }
    if (offsetsTopic == null) {
      coordination.begin(offsets.partitions().size());
      offsetsTopic = offsets.id();
    }
    coordination.apply(change(told, now, offsets));
    told = now;
    if (topic.awaitsCompaction(now) && leads(offsets, FIRST_PARTITION)) {
      // One broker is enough.
      topic.compact();
    }
  }

  private TopicsChange change(MetadataImage before, MetadataImage now, TopicImage offsets) {
    List<TopicState> changed = new ArrayList<>();
    now.topics()
        .forEach(
            (id, topic) -> {
              TopicImage known = before.topics().get(id);
              if (known == null || moved(known, topic)) {
                changed.add(new TopicState(id, topic.name(), replicas(topic)));
              }
            });
    List<UUID> deleted =
        before.topics().keySet().stream().filter(id -> now.topic(id) == null).toList();
    return new TopicsChange(now.index(), changed, deleted, racks(now), led(offsets));
  }

  /** Whether others hold it now, or more; who leads and who is in sync is of no interest. */
  private static boolean moved(TopicImage before, TopicImage now) {
    return !before.partitions().equals(now.partitions()) && !replicas(before).equals(replicas(now));
  }

  private static List<List<Integer>> replicas(TopicImage topic) {
    return topic.partitions().values().stream().map(PartitionRegistration::replicas).toList();
  }

  private static Map<Integer, String> racks(MetadataImage image) {
    Map<Integer, String> racks = new HashMap<>();
    for (BrokerRegistration broker : image.brokers().values()) {
      if (!broker.profile().rack().isEmpty()) {
        racks.put(broker.brokerId(), broker.profile().rack());
      }
    }
    return racks;
  }

  private boolean leads(TopicImage offsets, int partition) {
    PartitionRegistration state = offsets.partitions().get(partition);
    return state != null && state.leader() == brokerId;
  }

  private SortedMap<Integer, Integer> led(TopicImage offsets) {
    SortedMap<Integer, Integer> led = new TreeMap<>();
    offsets
        .partitions()
        .forEach(
            (partition, state) -> {
              if (state.leader() == brokerId) {
                led.put(partition, state.leaderEpoch());
              }
            });
    return led;
  }

  @Override
  public void close() {
    listening.close();
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_PATIENCE_S, TimeUnit.SECONDS)) {
        log.warn("The group coordinator does not come to an end of its last change");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    coordination.close();
  }
}
