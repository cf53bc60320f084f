// SPDX-License-Identifier: Apache-2.0
package io.jangada.replication.transport;

import io.jangada.common.TopicIdPartition;
import io.jangada.internal.v1.Channel;
import io.jangada.replication.core.PartitionEffect;
import io.jangada.replication.loop.EventLoop;
import io.jangada.replication.loop.GuardedLoop;
import io.jangada.replication.metrics.ReplicationMetrics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The follower's ends of the streams: one for each leading broker, and a second one, on a
 * connection of its own, opened when there is something to catch up with. Thread-safe; calls only
 * enqueue.
 */
public final class LeaderLinks {
  private static final Logger log = LoggerFactory.getLogger(LeaderLinks.class);

  private final int brokerId;
  private final EventLoop shared;
  private final GuardedLoop loop;
  private final ReplicationMetrics metrics;
  private final IntFunction<Optional<String>> addresses;
  private final long creditBytes;
  private final Map<LinkKey, LeaderLink> links = new HashMap<>();
  private final Map<TopicIdPartition, LinkSubscription> subscriptions = new HashMap<>();

  /** Where the leader of that epoch wants to go on with the partition, if not live. */
  private final Map<TopicIdPartition, Integer> catchingUpInEpoch = new HashMap<>();

  private long brokerEpoch = -1;
  private boolean closed;

  private record LinkKey(int leaderId, Channel channel) {}

  /**
   * No streams at first.
   *
   * @param loop on which the streams live
   * @param addresses of brokers' gRPC listeners; asked on the loop
   * @param creditBytes unacknowledged bytes on one stream
   * @param metrics counts
   */
  public LeaderLinks(
      int brokerId,
      EventLoop loop,
      IntFunction<Optional<String>> addresses,
      long creditBytes,
      ReplicationMetrics metrics) {
    this.brokerId = brokerId;
    this.shared = loop;
    this.loop = new GuardedLoop(loop, this::defect);
    this.metrics = metrics;
    this.addresses = addresses;
    this.creditBytes = creditBytes;
  }

  /** This process is registered under that epoch: streams opened under another one are dropped. */
  public void brokerEpoch(long epoch) {
    loop.execute(
        () -> {
          if (epoch != brokerEpoch) {
            brokerEpoch = epoch;
            dropAll("registered under broker epoch " + epoch);
          }
        });
  }

  /** Subscribes, in place of an earlier subscription of the partition. */
  public void subscribe(FollowingPartition partition, PartitionEffect.Subscribe subscribe) {
    loop.execute(
        () -> {
          drop(partition.partition());
          if (closed) {
            partition.lost(subscribe.session());
            return;
          }
          LeaderLink link = link(subscribe.leaderId(), channelOf(partition, subscribe));
          LinkSubscription subscription = new LinkSubscription(partition, subscribe, link);
          subscriptions.put(partition.partition(), subscription);
          link.subscribe(subscription, brokerId, brokerEpoch, creditBytes);
        });
  }

  /** Ends that subscription. */
  public void unsubscribe(TopicIdPartition partition, long session) {
    loop.execute(
        () -> {
          LinkSubscription subscription = subscriptions.get(partition);
          if (subscription != null && subscription.session() == session) {
            drop(partition);
          }
        });
  }

  /** Tells the leader how far the log is durable here. */
  public void ack(TopicIdPartition partition, long session, long durableLeo) {
    loop.execute(
        () -> {
          LinkSubscription subscription = subscriptions.get(partition);
          if (subscription != null && subscription.session() == session) {
            subscription.link().ack(subscription, durableLeo);
          }
        });
  }

  /** Closes all streams. */
  public void close() {
    loop.execute(
        () -> {
          closed = true;
          dropAll("the broker is shutting down");
        });
  }

  private Channel channelOf(FollowingPartition partition, PartitionEffect.Subscribe subscribe) {
    Integer epoch = catchingUpInEpoch.remove(partition.partition());
    return epoch != null && epoch == subscribe.leaderEpoch()
        ? Channel.CHANNEL_CATCH_UP
        : Channel.CHANNEL_LIVE;
  }

  private LeaderLink link(int leaderId, Channel channel) {
    return links.computeIfAbsent(
        new LinkKey(leaderId, channel),
        key -> new LeaderLink(leaderId, channel, shared, addresses, this));
  }

  ReplicationMetrics metrics() {
    return metrics;
  }

  /** What was subscribed may be in a stream or not: all of it is lost, and subscribes anew. */
  private void defect(RuntimeException e) {
    log.error("a defect in the streams to leaders; all are closed", e);
    metrics.defect("leader-links");
    List<LinkSubscription> lost = List.copyOf(subscriptions.values());
    dropAll("a defect: " + e);
    lost.forEach(each -> each.partition().lost(each.session()));
  }

  private void dropAll(String why) {
    links.values().forEach(link -> link.close(why));
    links.clear();
    subscriptions.clear();
    catchingUpInEpoch.clear();
  }

  private void drop(TopicIdPartition partition) {
    LinkSubscription subscription = subscriptions.remove(partition);
    if (subscription != null) {
      subscription.link().unsubscribe(subscription);
    }
  }

  /** The link has ended the subscription by itself. */
  void forget(LinkSubscription subscription) {
    subscriptions.remove(subscription.partition().partition(), subscription);
  }

  /** The leader has ended the subscription to go on with the next one on that channel. */
  void moved(LinkSubscription subscription, Channel to) {
    forget(subscription);
    if (to == Channel.CHANNEL_CATCH_UP) {
      catchingUpInEpoch.put(
          subscription.partition().partition(), subscription.subscribe().leaderEpoch());
    }
    subscription.partition().moved(subscription.session());
  }
}
